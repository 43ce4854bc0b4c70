#include "pipeline/run_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// One table of the run file; every key that is read is ticked off, and `finish` refuses the others.
class Section {
 public:
  Section(const std::string& place, std::string name, const toml::table* table)
      : place_(place), name_(std::move(name)), table_(table) {}

  const toml::node* find(std::string_view key) {
    known_.emplace_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }

  template <class T>
  T get(std::string_view key, T fallback, std::string_view kind) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    const auto value = node->value<T>();
    if (!value) wrong(key, *node, kind);
    return *value;
  }
  std::string text(std::string_view key, std::string fallback = {}) { return get<std::string>(key, std::move(fallback), "a text"); }

  std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback = {}) {
    const toml::node* node = find(key);
    if (node == nullptr) return fallback;
    if (!node->is_array()) wrong(key, *node, "a list of texts");
    std::vector<std::string> result;
    for (const toml::node& entry : *node->as_array()) {
      if (!entry.is_string()) wrong(key, entry, "a list of texts");
      result.push_back(**entry.as_string());
    }
    return result;
  }

  std::string choice(std::string_view key, const std::vector<std::string>& choices) {
    const toml::node* node = find(key);
    if (node == nullptr) return choices.front();
    const auto value = node->value<std::string>();
    if (!value || std::find(choices.begin(), choices.end(), *value) == choices.end()) {
      wrong(key, *node, fmt::format("one of {}", fmt::join(choices, ", ")));
    }
    return *value;
  }

  void finish() const {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
      fail(ErrorKind::usage, "{} line {}: [{}] has no key '{}'; known: {}", place_, node.source().begin.line, name_,
           key.str(), fmt::join(known_, ", "));
    }
  }

  [[noreturn]] void wrong(std::string_view key, const toml::node& node, std::string_view accepted) const {
    fail(ErrorKind::usage, "{} line {}: [{}] {} must be {}", place_, node.source().begin.line, name_, key, accepted);
  }

 private:
  const std::string& place_;
  std::string name_;
  const toml::table* table_;
  std::vector<std::string> known_;
};

// $NAME and ${NAME} take the environment's value.
std::string expand(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      result += text[i];
      continue;
    }
    const bool braced = i + 1 < text.size() && text[i + 1] == '{';
    const std::size_t begin = i + (braced ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    const std::string name = text.substr(begin, end - begin);
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) fail(ErrorKind::usage, "path '{}' needs the environment variable {}; set it", text, name);
    result += value;
    i = braced ? end : end - 1;
  }
  return result;
}

std::vector<Source> parse_sources(Section& data) {
  std::vector<Source> result;
  const toml::node* files = data.find("files");
  if (files == nullptr) return result;
  if (!files->is_array()) data.wrong("files", *files, "a list of paths or {path, rename}");
  for (const toml::node& entry : *files->as_array()) {
    Source source;
    if (const auto* path = entry.as_string()) {
      source.path = expand(**path);
    } else if (const auto* table = entry.as_table(); table != nullptr && table->get_as<std::string>("path")) {
      source.path = expand(table->get_as<std::string>("path")->get());
      if (const auto* rename = table->get_as<toml::table>("rename")) {
        for (const auto& [from, to] : *rename) {
          if (!to.is_string()) data.wrong("files", to, "renamed to a text");
          source.rename[std::string(from.str())] = **to.as_string();
        }
      }
    } else {
      data.wrong("files", entry, "a list of paths or {path, rename}");
    }
    result.push_back(std::move(source));
  }
  return result;
}

std::optional<PersonTable> parse_persons(Section& data) {
  const toml::node* node = data.find("persons");
  if (node == nullptr) return std::nullopt;
  constexpr std::string_view kForm = "{path, key, person, of}, four texts";
  const toml::table* table = node->as_table();
  if (table == nullptr || table->size() != 4) data.wrong("persons", *node, kForm);
  const auto text = [&](std::string_view key) {
    const auto* value = table->get_as<std::string>(key);
    if (value == nullptr) data.wrong("persons", *node, kForm);
    return value->get();
  };
  return PersonTable{expand(text("path")), text("key"), text("person"), text("of")};
}

ReadOptions parse_read_options(Section& data) {
  ReadOptions options;
  options.reader = data.text("reader");
  const std::string delimiter = data.text("delimiter");
  options.delimiter = delimiter.empty() ? '\0' : delimiter == "\\t" ? '\t' : delimiter[0];
  options.decimal_comma = data.get<bool>("decimal_comma", false, "true or false");
  options.encoding = data.choice("encoding", {"utf-8", "latin-1", "utf-16"});
  options.time_zone = data.text("time_zone", "UTC");
  options.missing_values = data.texts("missing_values", options.missing_values);
  options.bad_cells = data.choice("bad_cells", {"refuse", "missing"}) == "missing" ? BadCells::missing : BadCells::refuse;
  options.duplicates = data.choice("duplicates", {"refuse", "first"}) == "first" ? Duplicates::first : Duplicates::refuse;
  options.persons = parse_persons(data);
  return options;
}

DataRequest parse_data(Section& data, const std::string& run_file) {
  DataRequest request;
  request.sources = parse_sources(data);
  request.options = parse_read_options(data);
  request.simulator = data.text("simulator");
  request.subjects = data.get<std::int64_t>("subjects", 0, "an integer");
  const std::string schema = expand(data.text("schema"));
  const std::filesystem::path folder = std::filesystem::path(run_file).parent_path();
  if (!schema.empty()) request.schema = std::filesystem::path(schema).is_absolute() ? schema : (folder / schema).string();
  if (request.simulator.empty() == request.sources.empty()) {
    fail(ErrorKind::usage, "{}: [data] needs files and schema, or simulator and subjects", run_file);
  }
  if (request.simulator.empty() ? request.schema.empty() : request.subjects < 1) {
    fail(ErrorKind::usage, "{}: [data] {}", run_file, request.simulator.empty() ? "files need a schema" : "a simulator needs subjects, at least 1");
  }
  return request;
}

// A scalar of [generator.options] as the text that Options::set takes.
std::string option_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return **text;
  if (const auto* flag = node.as_boolean()) return **flag ? "true" : "false";
  if (const auto* integer = node.as_integer()) return fmt::format("{}", **integer);
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", **real);
  return {};
}

// Two numbers that come together or not at all.
std::optional<Budget> parse_budget(Section& section, std::string_view epsilon, std::string_view delta) {
  const toml::node *first = section.find(epsilon), *second = section.find(delta);
  if (first == nullptr && second == nullptr) return std::nullopt;
  if (first == nullptr || second == nullptr) {
    section.wrong(first == nullptr ? epsilon : delta, first == nullptr ? *second : *first, "given too: a budget has both numbers");
  }
  return Budget{section.get<double>(epsilon, 0, "a number"), section.get<double>(delta, 0, "a number")};
}

GeneratorRequest parse_generator(Section& generator, Section& privacy) {
  GeneratorRequest request;
  request.name = generator.text("name", "understudy");
  if (const toml::node* options = generator.find("options")) {
    if (!options->is_table()) generator.wrong("options", *options, "a table");
    for (const auto& [key, value] : *options->as_table()) {
      const std::string text = option_text(value);
      if (text.empty()) generator.wrong(key.str(), value, "a text, a number, true or false");
      request.options.emplace_back(key.str(), text);
    }
  }
  request.no_privacy = privacy.text("none");
  request.budget = parse_budget(privacy, "epsilon", "delta");
  request.schema_share = privacy.get<double>("schema_share", 0, "a number");
  return request;
}

}  // namespace

RunRequest parse_run_file(std::string_view text, const std::string& path) {
  toml::table file;
  try {
    file = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    fail(ErrorKind::usage, "{} line {}: {}", path, error.source().begin.line, error.description());
  }
  std::vector<std::string> names;
  const auto section = [&](std::string name) {
    const toml::node* node = file.get(name);
    if (node != nullptr && !node->is_table()) fail(ErrorKind::usage, "{}: [{}] must be a table", path, name);
    names.push_back(name);
    return Section(path, std::move(name), node == nullptr ? nullptr : node->as_table());
  };
  Section run = section("run"), data = section("data"), vault = section("vault"), split = section("split"),
          generator = section("generator"), privacy = section("privacy"), sample = section("sample"),
          evaluate = section("evaluate"), release = section("release");
  RunRequest request;
  request.name = run.text("name", std::filesystem::path(path).stem().string());
  request.data = parse_data(data, path);
  request.data.ledger = expand(vault.text("path"));
  request.holdout = split.get<double>("holdout", 0.5, "a number");
  if (!(request.holdout > 0 && request.holdout < 1)) {
    fail(ErrorKind::usage, "{}: [split] holdout is {}; it must lie between 0 and 1", path, request.holdout);
  }
  request.generator = parse_generator(generator, privacy);
  request.generator.limit = parse_budget(vault, "limit_epsilon", "limit_delta");
  request.sample_subjects = sample.get<std::int64_t>("subjects", 0, "an integer");
  request.metrics = evaluate.texts("metrics");
  request.format = release.text("format", request.format);
  request.key = expand(release.text("key"));
  for (const Section* part : {&run, &data, &vault, &split, &generator, &privacy, &sample, &evaluate, &release}) part->finish();
  for (const auto& [key, node] : file) {
    if (std::find(names.begin(), names.end(), key.str()) != names.end()) continue;
    fail(ErrorKind::usage, "{} line {}: there is no [{}]; known: {}", path, node.source().begin.line, key.str(),
         fmt::join(names, ", "));
  }
  return request;
}

RunRequest read_run_file(const std::string& path) { return parse_run_file(read_text(path), path); }

}  // namespace understudy
