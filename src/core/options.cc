#include "understudy/options.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "understudy/error.h"

namespace understudy {
namespace {

template <class T>
std::optional<T> parse(std::string_view text) {
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split_choices(std::string_view choices) {
  std::vector<std::string_view> parts;
  while (!choices.empty()) {
    const auto bar = choices.find('|');
    parts.push_back(choices.substr(0, bar));
    choices = bar == std::string_view::npos ? std::string_view{} : choices.substr(bar + 1);
  }
  return parts;
}

void check_range(const OptionSpec& spec, std::string_view text, std::optional<double> value, std::string_view kind) {
  if (!value || !(*value >= spec.minimum && *value <= spec.maximum)) {
    fail(ErrorKind::usage, "option {} is '{}'; it must be {} in [{}, {}]", spec.name, text, kind, spec.minimum,
         spec.maximum);
  }
}

void check(const OptionSpec& spec, std::string_view text) {
  switch (spec.type) {
    case OptionType::boolean:
      if (text != "true" && text != "false") {
        fail(ErrorKind::usage, "option {} is '{}'; it must be true or false", spec.name, text);
      }
      break;
    case OptionType::integer: {
      const auto value = parse<std::int64_t>(text);
      check_range(spec, text, value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt, "an integer");
      break;
    }
    case OptionType::real:
      check_range(spec, text, parse<double>(text), "a number");
      break;
    case OptionType::choice: {
      const auto choices = split_choices(spec.choices);
      if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
        fail(ErrorKind::usage, "option {} is '{}'; it must be one of {}", spec.name, text, spec.choices);
      }
      break;
    }
    case OptionType::text:
      break;
  }
}

}  // namespace

const OptionSpec& Options::find(std::string_view name) const {
  for (const OptionSpec& spec : specs_) {
    if (spec.name == name) return spec;
  }
  std::string known;
  for (const OptionSpec& spec : specs_) known += (known.empty() ? "" : ", ") + std::string(spec.name);
  fail(ErrorKind::usage, "there is no option '{}'; known: {}", name, known.empty() ? "none" : known);
}

void Options::set(std::string_view name, std::string_view value) {
  check(find(name), value);
  set_[std::string(name)] = std::string(value);
}

std::string_view Options::value(std::string_view name, OptionType type) const {
  const OptionSpec& spec = find(name);
  const bool text = type == OptionType::text && spec.type == OptionType::choice;
  if (spec.type != type && !text) fail(ErrorKind::internal, "option {} was read with another type", name);
  const auto it = set_.find(name);
  return it == set_.end() ? spec.default_value : std::string_view(it->second);
}

bool Options::boolean(std::string_view name) const { return value(name, OptionType::boolean) == "true"; }

std::int64_t Options::integer(std::string_view name) const {
  return parse<std::int64_t>(value(name, OptionType::integer)).value();
}

double Options::real(std::string_view name) const { return parse<double>(value(name, OptionType::real)).value(); }

std::string Options::text(std::string_view name) const { return std::string(value(name, OptionType::text)); }

std::vector<std::pair<std::string, std::string>> Options::values() const {
  std::vector<std::pair<std::string, std::string>> result;
  for (const OptionSpec& spec : specs_) {
    const auto it = set_.find(spec.name);
    result.emplace_back(spec.name, it == set_.end() ? std::string(spec.default_value) : it->second);
  }
  return result;
}

}  // namespace understudy
