// A clinical folder. An input is the name of a reader on its first line, and "visits" where a row is a visit; then the files
// of the folder, each after a line "== NAME". Whatever they hold is refused, or counted and set missing; what is read is a cohort of the schema.
#include "scratch.h"
#include "target.h"
#include "understudy/reader.h"

using namespace understudy;

namespace {

const Schema& visits() {
  static const Schema schema = parse_schema(R"toml(
[schema]
subject = "person"
time = "visit"
time_type = "integer"
time_unit = "visit"
time_maximum = 3
[[column]]
name = "age"
type = "integer"
range = "catalogue:age"
static = true
[[column]]
name = "days_since_previous"
type = "real"
minimum = 0
maximum = 4000
[[column]]
name = "creatinine"
type = "real"
range = "catalogue:creatinine"
[[column]]
name = "diagnoses"
type = "codes"
categories = ["icd9:428", "icd9:4280", "icd10:I50", "omop:316139"]
)toml", "visits");
  return schema;
}

const Schema& schema(bool has_concepts) {
  static const Schema clinical = parse_schema(R"toml(
[schema]
subject = "person"
time = "hour"
time_type = "integer"
time_unit = "h"
time_minimum = 0
time_maximum = 47
[[column]]
name = "age"
type = "integer"
range = "catalogue:age"
static = true
[[column]]
name = "died"
type = "boolean"
static = true
[[column]]
name = "heart_rate"
type = "real"
range = "catalogue:heart_rate"
[[column]]
name = "creatinine"
type = "real"
range = "catalogue:creatinine"
[[column]]
name = "urine_output"
type = "real"
range = "catalogue:urine_output"
)toml", "schema");
  static const Schema plain = parse_schema(R"toml(
[schema]
subject = "person"
time = "day"
time_type = "integer"
time_unit = "d"
time_maximum = 400
[[column]]
name = "TotalSteps"
type = "integer"
minimum = 0
maximum = 100000
)toml", "schema");
  return has_concepts ? clinical : plain;
}

void check(const Cohort& cohort) {
  require(cohort.offsets.size() == cohort.subjects.size() + 1, "not every person has an end");
  require(cohort.offsets.back() == cohort.series.rows(), "rows of nobody");
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const std::int64_t first = cohort.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t row = first + 1; row < first + cohort.series_rows(s); ++row) {
      require(cohort.times.number(row - 1) < cohort.times.number(row), "times do not rise");
    }
  }
  for (std::size_t c = 0; c < cohort.series.width(); ++c) {
    const ColumnSpec& spec = cohort.schema.column(cohort.series.name(c));
    if (is_set(spec.type)) continue;
    for (const double value : cohort.series.column(c).numbers()) {
      require(!(value < *spec.minimum || value > *spec.maximum), "a value outside the bounds");
    }
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scratch scratch;
  scratch.clear();
  std::string_view rest = as_text(data, size);
  const auto take_line = [&rest] {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return line;
  };
  ReadOptions options;
  const std::string_view reader = take_line();
  const bool by_visit = reader.ends_with(" visits");
  options.reader = reader.substr(0, reader.find(' '));
  options.bad_cells = BadCells::missing;
  options.duplicates = Duplicates::first;
  std::string file, content;
  const auto close = [&] {
    const bool plain = file.find("..") == std::string::npos && file.find('\0') == std::string::npos && !file.starts_with('/');
    if (!file.empty() && plain && file.size() < 60) scratch.write(file, content);
    content.clear();
  };
  while (!rest.empty()) {
    const std::string_view line = take_line();
    if (line.starts_with("== ")) {
      close();
      file = line.substr(3);
    } else {
      content.append(line).append("\n");
    }
  }
  close();
  bool known = false;
  for (const ReaderEntry& entry : readers()) known = known || (entry.name == options.reader && entry.knows_folder != nullptr);
  if (!known) return 0;
  const bool has_concepts = options.reader != "long" && options.reader != "fitbit";
  ReadReport report;
  const auto cohort = taken(ErrorKind::input, [&] {
    return read_cohort(std::vector<Source>{{scratch.path(), {}}}, by_visit && has_concepts ? visits() : schema(has_concepts), options, report, Context{});
  });
  if (cohort) check(*cohort);
  return 0;
}
