// The options that all panel generators share, and how presets count.
#pragma once

#include <array>

#include "understudy/options.h"

namespace understudy {

inline constexpr std::array<OptionSpec, 5> kPanelOptions = {{
    {"preset", OptionType::choice, "cpu", 0, 0, "paper|cpu",
     "sizes and training as published, or for minutes on a processor; options of 0 follow it"},
    {"rows", OptionType::integer, "0", 0, 4096, "", "rows of a subject that are seen and drawn; 0: as many as 95 % of the subjects have"},
    {"most_rows", OptionType::integer, "128", 1, 4096, "", "the most that rows = 0 comes to"},
    {"coding", OptionType::choice, "quantile", 0, 0, "quantile|bounds", "how numbers are encoded"},
    {"calibrate", OptionType::choice, "marginals", 0, 0, "none|marginals", "what is mended after training"}}};

// A generator's own options, then those.
template <std::size_t Count>
constexpr std::array<OptionSpec, Count + kPanelOptions.size()> with_panel_options(const std::array<OptionSpec, Count>& own) {
  std::array<OptionSpec, Count + kPanelOptions.size()> result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = i < Count ? own[i] : kPanelOptions[i - Count];
  return result;
}

// The option, or where it is 0 what the preset says.
struct Preset {
  const Options& options;
  std::int64_t integer(std::string_view name, std::int64_t paper, std::int64_t cpu) const {
    const std::int64_t given = options.integer(name);
    return given != 0 ? given : is_paper() ? paper : cpu;
  }
  double real(std::string_view name, double paper, double cpu) const {
    const double given = options.real(name);
    return given != 0 ? given : is_paper() ? paper : cpu;
  }
  bool is_paper() const { return options.text("preset") == "paper"; }
};

}  // namespace understudy
