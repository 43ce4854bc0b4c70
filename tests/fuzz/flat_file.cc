// A data file. An input is "csv" or "json" on its first line, then the file. What is read can be written, and reads
// again the same.
#include "scratch.h"
#include "target.h"
#include "understudy/reader.h"

using namespace understudy;

namespace {

const Schema& schema() {
  static const Schema result = parse_schema(R"toml(
[schema]
subject = "Id"
time = "Day"
[[column]]
name = "steps"
type = "integer"
minimum = 0
maximum = 100000
[[column]]
name = "km"
type = "real"
decimals = 2
[[column]]
name = "kind"
type = "category"
categories = ["rest", "work"]
[[column]]
name = "codes"
type = "codes"
categories = ["a", "b", "c"]
max_codes = 2
[[column]]
name = "born"
type = "datetime"
static = true
)toml", "schema");
  return result;
}

Cohort read(const std::string& path) {
  ReadOptions options;
  options.bad_cells = BadCells::missing;
  options.duplicates = Duplicates::first;
  ReadReport report;
  return read_cohort(std::vector<Source>{{path, {}}}, schema(), options, report, Context{});
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scratch scratch;
  const std::string_view input = as_text(data, size);
  const auto line = input.find('\n');
  const bool json = input.substr(0, line) == "json";
  const std::string_view content = line == std::string_view::npos ? std::string_view{} : input.substr(line + 1);
  scratch.clear();
  const std::string path = scratch.write(json ? "data.json" : "data.csv", content);
  const auto cohort = taken(ErrorKind::input, [&] { return read(path); });
  if (!cohort) return 0;
  const std::string again = scratch.path() + "/again.csv";
  write_cohort(*cohort, again, Context{});
  require(read(again) == *cohort, "what was written reads differently");
  return 0;
}
