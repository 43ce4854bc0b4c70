#include "command.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <thread>

#include "understudy/error.h"

namespace understudy::cli {
namespace {

std::atomic<bool> cancelled{false};

// The first Ctrl-C asks the command to save and stop; the second ends it at once.
void on_signal(int) {
  if (cancelled.exchange(true)) _exit(130);
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// One line that is rewritten on a terminal; elsewhere a plain line every ten seconds. Silent for the first two seconds.
class ProgressLine {
 public:
  explicit ProgressLine(bool terminal) : terminal_(terminal) {}
  ~ProgressLine() { end_line(); }

  void show(const Progress& progress) {
    const auto now = Clock::now();
    if (progress.stage != stage_) start(progress, now);
    const double elapsed = std::chrono::duration<double>(now - started_).count();
    const double since = std::chrono::duration<double>(now - shown_).count();
    const bool finished = progress.total > 0 && progress.done >= progress.total;
    if (elapsed < 2 || (since < (terminal_ ? 0.2 : 10.0) && !(finished && terminal_))) return;
    shown_ = now;
    const double rate = static_cast<double>(progress.done - first_) / elapsed;
    std::string text = fmt::format("{}: {}", stage_, progress.done);
    if (progress.total > 0) text += fmt::format(" of {}", progress.total);
    text += fmt::format(" {}, {:.3g} a second", progress.unit, rate);
    if (progress.total > 0 && rate > 0) {
      text += fmt::format(", {:.0f} s left", static_cast<double>(progress.total - progress.done) / rate);
    }
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
    open_ = terminal_;
  }

  void end_line() {
    if (open_) std::fputc('\n', stderr);
    open_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;
  void start(const Progress& progress, Clock::time_point now) {
    end_line();
    stage_ = progress.stage;
    started_ = shown_ = now;
    first_ = progress.done;
  }

  bool terminal_;
  bool open_ = false;
  std::string stage_;
  std::int64_t first_ = 0;
  Clock::time_point started_, shown_;
};

}  // namespace

void add_common(CLI::App& command, Common& common) {
  command.add_option("--seed", common.seed, "of initialisation, splits and sampling; the same seed gives the same result")
      ->capture_default_str();
  command.add_option("--threads", common.threads, "worker threads; 0: one for each core")->check(CLI::Range(0, 4096));
  command.add_option("--device", common.device, "where networks run")->check(CLI::IsMember({"cpu"}));
}

Context make_context(const Common& common) {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  Context context;
  context.seed = common.seed;
  context.threads = common.threads > 0 ? common.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const auto line = std::make_shared<ProgressLine>(isatty(STDERR_FILENO) == 1);
  context.progress = [line](const Progress& progress) { line->show(progress); };
  context.warn = [line](std::string_view text) {
    line->end_line();
    std::fprintf(stderr, "understudy: %.*s\n", static_cast<int>(text.size()), text.data());
  };
  context.clock = utc_now;
  context.cancelled = &cancelled;
  return context;
}

const char* environment(const char* name) { return std::getenv(name); }

void add_read_flags(CLI::App& command, ReadFlags& flags) {
  command.add_option("--reader", flags.options.reader, "reader by name; default: by the file's ending");
  command.add_option("--delimiter", flags.delimiter, "of CSV files; default: found");
  command.add_flag("--decimal-comma", flags.options.decimal_comma, "numbers are written 1,5");
  command.add_option("--encoding", flags.options.encoding)->check(CLI::IsMember({"utf-8", "latin-1", "utf-16"}));
  command.add_option("--time-zone", flags.options.time_zone, "of times that name none");
  command.add_option("--persons", flags.persons,
                     "TABLE KEY PERSON OF: the data's keys (column OF) are stays, whose people TABLE names")->expected(4);
  command.add_option("--bad-cells", flags.bad_cells, "a cell that its column cannot hold")->check(CLI::IsMember({"refuse", "missing"}));
  command.add_option("--duplicates", flags.duplicates, "a second row of a subject and time")->check(CLI::IsMember({"refuse", "first"}));
}

ReadOptions read_options(const ReadFlags& flags) {
  ReadOptions options = flags.options;
  if (!flags.delimiter.empty()) options.delimiter = flags.delimiter == "\\t" ? '\t' : flags.delimiter[0];
  if (const auto& p = flags.persons; p.size() == 4) options.persons = PersonTable{p[0], p[1], p[2], p[3]};
  options.bad_cells = flags.bad_cells == "missing" ? BadCells::missing : BadCells::refuse;
  options.duplicates = flags.duplicates == "first" ? Duplicates::first : Duplicates::refuse;
  return options;
}

std::vector<Source> sources(const std::vector<std::string>& paths) {
  std::vector<Source> result;
  for (const std::string& path : paths) result.push_back({path, {}});
  return result;
}

std::pair<std::string, std::string> split_assignment(const std::string& text, std::string_view flag) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) fail(ErrorKind::usage, "{} '{}' must be written name=value", flag, text);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace understudy::cli
