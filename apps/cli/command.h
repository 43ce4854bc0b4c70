// The frame of the command line: shared flags, progress on the terminal, signals, exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "understudy/context.h"
#include "understudy/pipeline.h"

namespace understudy::cli {

// --threads, --seed, --device: every command takes them.
struct Common {
  std::uint64_t seed = 0;
  int threads = 0;             // 0: as many as the machine has
  std::string device = "cpu";
};
void add_common(CLI::App& command, Common& common);

// A context with the terminal's progress and warnings and the flag that Ctrl-C sets.
Context make_context(const Common& common);

// A variable of this process's environment; null: not set.
const char* environment(const char* name);

// --data, --delimiter, ... of commands that read files.
struct ReadFlags {
  std::vector<std::string> persons;
  std::string delimiter, bad_cells = "refuse", duplicates = "refuse";
  ReadOptions options;
};
void add_read_flags(CLI::App& command, ReadFlags& flags);
ReadOptions read_options(const ReadFlags& flags);

std::vector<Source> sources(const std::vector<std::string>& paths);
// "name=value" -> {name, value}; ErrorKind::usage otherwise.
std::pair<std::string, std::string> split_assignment(const std::string& text, std::string_view flag);

// One per command: declares its flags and what to do. The action runs after parsing.
void add_inspect(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);
void add_train(CLI::App& app, int& exit_code);
void add_sample(CLI::App& app, int& exit_code);
void add_evaluate(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_keygen(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
void add_ledger(CLI::App& app, int& exit_code);
void add_convert(CLI::App& app, int& exit_code);
void add_account(CLI::App& app, int& exit_code);

}  // namespace understudy::cli
