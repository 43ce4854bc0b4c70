// Kills spenders at random instants. Whatever the instant: the ledger opens, its chain holds, and it shows at least
// what was acknowledged, and at most the one plan more that each spender may have been busy with. 200 kills; 10,000
// with UNDERSTUDY_DEEP=1.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "understudy/error.h"
#include "understudy/ledger.h"

namespace understudy {
namespace {

constexpr Limit kLimit{.epsilon = 3, .delta = 1e-6};

int kills() {
  const char* deep = std::getenv("UNDERSTUDY_DEEP");
  return deep != nullptr && std::string(deep) == "1" ? 10000 : 200;
}

// A running spender and the pipe that it acknowledges to.
class Spender {
 public:
  Spender(const std::string& ledger, double noise) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const std::string noise_text = fmt::format("{}", noise);
    const char* const arguments[] = {UNDERSTUDY_SPENDER, ledger.c_str(), noise_text.c_str(), nullptr};
    const int failed =
        posix_spawn(&process_, UNDERSTUDY_SPENDER, &actions, nullptr, const_cast<char**>(arguments), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    pipe_ = ends[0];
    if (failed != 0) throw std::runtime_error("no spender");
  }
  Spender(const Spender&) = delete;
  Spender& operator=(const Spender&) = delete;
  ~Spender() { close(pipe_); }

  // Returns at its next acknowledgement, or when it ended.
  void wait_for_one() {
    char one;
    if (read(pipe_, &one, 1) == 1) ++count_;
  }

  // The plans it acknowledged, all told; whether the ledger had refused before the kill.
  std::size_t kill_and_count(bool& refused) {
    kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    refused = WIFEXITED(status) && WEXITSTATUS(status) == static_cast<int>(ErrorKind::budget);
    EXPECT_TRUE(refused || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)) << status;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(pipe_, buffer, sizeof buffer)) > 0;) count_ += static_cast<std::size_t>(got);
    return count_;
  }

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
  std::size_t count_ = 0;
};

class Crash : public testing::Test {
 protected:
  Crash() : path_(testing::TempDir() + "crash_" + std::to_string(getpid()) + ".jsonl") {}
  ~Crash() override { std::filesystem::remove(path_); }

  void begin_ledger() {
    std::filesystem::remove(path_);
    Ledger(path_).declare(kLimit);
  }
  std::size_t plans() const { return Ledger(path_).events().size() - 1; }
  // Half of the instants count from the start of the spender, half from its first acknowledgement: a busy machine,
  // where starting takes long, sees both.
  void wait_a_while(Spender& spender) {
    if (random_() % 2 == 0) spender.wait_for_one();
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 15000));
  }

  std::string path_;
  std::mt19937_64 random_{7};  // the instants depend on the machine all the same
};

TEST_F(Crash, AKilledSpenderSpentWhatTheLedgerSays) {
  std::size_t acknowledged = 0, unacknowledged = 0, before = 0;
  for (int i = 0; i < kills(); ++i) {
    if (i % 100 == 0) {
      begin_ledger();
      before = 0;
    }
    Spender spender(path_, 1e5);
    wait_a_while(spender);
    bool refused = false;
    const std::size_t told = spender.kill_and_count(refused);
    ASSERT_FALSE(refused);
    const std::size_t after = plans();
    ASSERT_GE(after, before + told) << "kill " << i;
    ASSERT_LE(after, before + told + 1) << "kill " << i;
    acknowledged += told;
    unacknowledged += after - before - told;
    before = after;
  }
  RecordProperty("acknowledged", static_cast<int>(acknowledged));
  RecordProperty("unacknowledged", static_cast<int>(unacknowledged));
  EXPECT_GT(acknowledged, 0u);
}

// The last line cut short, as a machine that loses power leaves it, between the kills.
TEST_F(Crash, TornTailsAreNeverCounted) {
  std::size_t before = 0;
  for (int i = 0; i < kills() / 10; ++i) {
    if (i % 100 == 0) {
      begin_ledger();
      before = 0;
    }
    const auto whole = std::filesystem::file_size(path_);
    Ledger(path_).append({.kind = "look", .part = "all", .purpose = "torn", .side = "inside"});
    const auto line = std::filesystem::file_size(path_) - whole;
    std::filesystem::resize_file(path_, whole + random_() % (line - 1));
    ASSERT_EQ(plans(), before);
    Spender spender(path_, 1e5);
    wait_a_while(spender);
    bool refused = false;
    const std::size_t told = spender.kill_and_count(refused);
    ASSERT_GE(plans(), before + told) << "kill " << i;
    ASSERT_LE(plans(), before + told + 1) << "kill " << i;
    before = plans();
  }
}

TEST_F(Crash, TwoSpendersNeverOverspend) {
  constexpr int kPlans = 40;
  const GaussianCost most = allowed(kLimit);
  const double noise = std::sqrt(kPlans) / most.mu;
  int used_up = 0;
  for (int killed = 0; killed < kills() || used_up == 0;) {
    begin_ledger();
    std::size_t told = 0;
    std::size_t rounds = 0;
    for (bool first = false, second = false; !(first && second); ++rounds) {
      Spender one(path_, noise), two(path_, noise);
      wait_a_while(one);
      told += one.kill_and_count(first);
      told += two.kill_and_count(second);
      killed += 2;
      const auto spent_now = spent(Ledger(path_).events());
      ASSERT_LE(spent_now.mu * spent_now.mu, most.mu * most.mu * (1 + 1e-11));
      ASSERT_GE(plans(), told);
      ASSERT_LE(plans(), told + 2 * (rounds + 1));
    }
    EXPECT_EQ(plans(), static_cast<std::size_t>(kPlans));
    ++used_up;
  }
  RecordProperty("ledgers", used_up);
}

}  // namespace
}  // namespace understudy
