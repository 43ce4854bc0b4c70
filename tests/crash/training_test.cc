// Trainings that are killed, or asked to stop, at random instants and then started again: in a build with seeded noise
// the model is, byte for byte, that of a training that nobody disturbed, and the ledger shows one payment.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "understudy/error.h"
#include "understudy/ledger.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Disturbance {
  const char* mode;
  int signal;
};

class Training : public testing::TestWithParam<Disturbance> {
 protected:
  Training() : folder_(fmt::format("{}training_{}", testing::TempDir(), getpid())) {}
  ~Training() override { fs::remove_all(folder_); }

  // In a folder that begins empty.
  std::string fresh(const std::string& name) const {
    const std::string folder = folder_ + "/" + name;
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
  }

  pid_t start(const std::string& folder) const {
    const char* const arguments[] = {UNDERSTUDY_TRAINEE, GetParam().mode, folder.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (folder + "/errors").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t process = -1;
    const int failed = posix_spawn(&process, UNDERSTUDY_TRAINEE, &actions, nullptr, const_cast<char**>(arguments), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("no trainee");
    return process;
  }

  // The exit code, or the signal as a negative number.
  static int end_of(pid_t process) {
    int status = 0;
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  // Waits until the trainee has gone on, or ended, and then a little.
  void wait_for_a_step(const std::string& folder, pid_t process) {
    const auto stamp = [&] {
      std::error_code absent;
      return fs::last_write_time(folder + "/checkpoint", absent);
    };
    const auto before = stamp();
    siginfo_t ended{};
    while (stamp() == before && ended.si_pid == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 400));
  }

  std::string folder_;
  std::mt19937_64 random_{11};  // the instants depend on the machine all the same
};

TEST_P(Training, GoesOnToTheSameBytes) {
  const std::string undisturbed = fresh("undisturbed"), disturbed = fresh("disturbed");
  ASSERT_EQ(end_of(start(undisturbed)), 0) << bytes_of(undisturbed + "/errors");
  constexpr int kMost = 30;
  int stopped = 0, code = -1;
  for (int i = 0; i < kMost && code != 0; ++i) {
    const pid_t trainee = start(disturbed);
    if (i < 6) {
      wait_for_a_step(disturbed, trainee);
      kill(trainee, GetParam().signal);
    }
    code = end_of(trainee);
    const int expected = GetParam().signal == SIGKILL ? -SIGKILL : static_cast<int>(ErrorKind::cancelled);
    ASSERT_TRUE(code == 0 || code == expected) << code << bytes_of(disturbed + "/errors");
    stopped += code != 0;
  }
  EXPECT_GE(stopped, 2);
  EXPECT_TRUE(bytes_of(disturbed + "/model") == bytes_of(undisturbed + "/model"));

  const auto count = [&](const std::string& folder, const std::string& kind) {
    const auto events = Ledger(folder + "/ledger").events();
    return std::count_if(events.begin(), events.end(), [&](const Event& event) { return event.kind == kind; });
  };
  EXPECT_EQ(count(disturbed, "plan"), count(undisturbed, "plan"));
  EXPECT_EQ(count(disturbed, "finish"), count(undisturbed, "finish"));
  EXPECT_NEAR(spent(Ledger(disturbed + "/ledger").events()).mu, spent(Ledger(undisturbed + "/ledger").events()).mu, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Disturbances, Training,
                         testing::Values(Disturbance{"none", SIGKILL}, Disturbance{"none", SIGINT}, Disturbance{"dp-sgd", SIGKILL},
                                         Disturbance{"dp-sgd", SIGINT}),
                         [](const auto& tested) {
                           const std::string mode = tested.param.mode == std::string("none") ? "Plain" : "Private";
                           return mode + (tested.param.signal == SIGKILL ? "Killed" : "AskedToStop");
                         });

}  // namespace
}  // namespace understudy
