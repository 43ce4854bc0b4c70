// Small files and expected errors, for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "understudy/error.h"
#include "understudy/schema.h"

namespace understudy {

inline std::string test_folder() {
  const std::string folder = testing::TempDir() + "understudy-cohort-" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  return folder;
}

inline std::string test_file(const std::string& name, const std::string& content) {
  const std::string path = test_folder() + "/" + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

// The message of the Error that `call` throws; a failure of the test when it throws none of that kind.
inline std::string error_of(ErrorKind kind, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

inline void expect_parts(const std::string& message, std::initializer_list<std::string> parts) {
  for (const std::string& part : parts) EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
}

inline ColumnSpec test_column(const std::string& name, ColumnType type) {
  ColumnSpec spec;
  spec.name = name;
  spec.type = type;
  return spec;
}

}  // namespace understudy
