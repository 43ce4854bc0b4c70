// Options of generators, metrics, readers: described as data, so that the command line, run files, reports and the
// manual show the same names, defaults and ranges.
//
//   constexpr OptionSpec kOptions[] = {
//       {"epochs", OptionType::integer, "200", 1, 1e6, "", "passes over the training rows"},
//       {"objective", OptionType::choice, "wgan-gp", 0, 0, "non-saturating|wgan-gp|boundary-seeking", "loss"}};
//   Options options(kOptions);
//   options.set("epochs", "50");
//   options.integer("epochs");   // 50
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace understudy {

enum class OptionType { boolean, integer, real, text, choice };

struct OptionSpec {
  std::string_view name;
  OptionType type;
  std::string_view default_value;
  double minimum = -std::numeric_limits<double>::infinity();  // of integers and reals, inclusive
  double maximum = std::numeric_limits<double>::infinity();
  std::string_view choices = "";  // of choices, separated by '|'
  std::string_view help = "";
};

class Options {
 public:
  explicit Options(std::span<const OptionSpec> specs) : specs_(specs) {}

  // Throws ErrorKind::usage: an unknown name (lists the known ones), a value of the wrong type or out of range.
  void set(std::string_view name, std::string_view value);

  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  std::string text(std::string_view name) const;  // also of choices

  std::span<const OptionSpec> specs() const { return specs_; }
  // Every option with its value in force, in the order of the specs.
  std::vector<std::pair<std::string, std::string>> values() const;

 private:
  const OptionSpec& find(std::string_view name) const;
  std::string_view value(std::string_view name, OptionType type) const;

  std::span<const OptionSpec> specs_;
  std::map<std::string, std::string, std::less<>> set_;
};

}  // namespace understudy
