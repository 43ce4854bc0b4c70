// A folder for files of one input, in memory where there is such a place.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace understudy {

class Scratch {
 public:
  Scratch() : path_(base() / ("understudy-fuzz-" + std::to_string(getpid()))) { clear(); }
  ~Scratch() { std::filesystem::remove_all(path_); }

  std::string path() const { return path_.string(); }
  void clear() const {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  std::string write(const std::string& name, std::string_view content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }

 private:
  static std::filesystem::path base() {
    return std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
  }
  const std::filesystem::path path_;
};

}  // namespace understudy
