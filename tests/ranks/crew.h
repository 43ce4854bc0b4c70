// Starts the processes of tests/ranks, each with the variables that torchrun sets, and waits for them.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace understudy {

inline int free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(descriptor);
  return bound ? ntohs(address.sin_port) : 0;
}

inline std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Crew {
 public:
  // The ranks of `started`, of `size`; size 1: alone.
  Crew(const char* program, const std::string& task, int size, const std::vector<int>& started,
       const std::string& patience = "60")
      : folder_(testing::TempDir() + "ranks_" + std::to_string(getpid()) + "_" + task + std::to_string(size)), size_(size),
        port_(free_port()) {
    std::filesystem::create_directories(folder_);
    for (const int rank : started) start(program, task, rank, patience);
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() {
    for (const pid_t process : processes_) {
      if (process == kWaitedFor) continue;
      kill(process, SIGKILL);
      waitpid(process, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }

  // Before it was waited for.
  void signal(std::size_t member, int number) const { kill(processes_[member], number); }
  // The exit code, or the signal that ended it as a negative number. Once for each.
  int wait_for(std::size_t member) {
    int status = 0;
    waitpid(processes_[member], &status, 0);
    processes_[member] = kWaitedFor;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string result(int rank) const { return text_of(file(rank, "result")); }
  std::string errors(int rank) const { return text_of(file(rank, "errors")); }
  // Returns once this rank has said something.
  void wait_for_words(int rank) const {
    for (int i = 0; i < 6000 && text_of(file(rank, "output")).empty(); ++i) usleep(10000);
  }

 private:
  static constexpr pid_t kWaitedFor = 0;  // its number may be another's by now
  std::string file(int rank, const std::string& name) const { return folder_ + "/" + name + std::to_string(rank); }

  void start(const char* program, const std::string& task, int rank, const std::string& patience) {
    std::vector<std::string> variables = {"RANK=" + std::to_string(rank), "WORLD_SIZE=" + std::to_string(size_),
                                          "MASTER_ADDR=127.0.0.1", "MASTER_PORT=" + std::to_string(port_), "OMP_NUM_THREADS=1"};
    for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    const std::string result = file(rank, "result"), output = file(rank, "output"), errors = file(rank, "errors");
    const char* const arguments[] = {program, task.c_str(), result.c_str(), patience.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t process = -1;
    const int failed = posix_spawn(&process, program, &actions, nullptr, const_cast<char**>(arguments), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start a member");
    processes_.push_back(process);
  }

  std::string folder_;
  int size_, port_;
  std::vector<pid_t> processes_;
};

}  // namespace understudy
