// The options of generators whose private training is that of one network (private_network.h).
#pragma once

#include <array>

#include "understudy/options.h"

namespace understudy {

inline constexpr std::array<OptionSpec, 4> kPrivateOptions = {{
    {"private_steps", OptionType::integer, "1000", 1, 1e9, "", "with a budget: noisy steps"},
    {"private_batch", OptionType::integer, "1024", 1, 1e9, "", "with a budget: subjects that take part in a step on average"},
    {"private_learning_rate", OptionType::real, "0.002", 1e-8, 1, "", "with a budget: the highest; it rises, then falls to 0"},
    {"clip", OptionType::real, "1", 1e-8, 1e8, "", "with a budget: a subject's gradient is cut to this length"}}};

// A generator's own options, then those.
template <std::size_t Count>
constexpr std::array<OptionSpec, Count + kPrivateOptions.size()> with_private_options(const std::array<OptionSpec, Count>& own) {
  std::array<OptionSpec, Count + kPrivateOptions.size()> result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = i < Count ? own[i] : kPrivateOptions[i - Count];
  return result;
}

}  // namespace understudy
