// The sines of TimeGAN (Yoon, Jarrett and van der Schaar 2019; github.com/jsyoon0823/TimeGAN, data_loading.py): what generators
// of time series show their scores on. 24 steps of 5 columns that know nothing of each other; step j = 0, 1, ... of a column is
//   (1 + sin(f j + p)) / 2,   f and p uniform on [0, 0.1), drawn for each person and column.
#pragma once

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

inline constexpr std::int64_t kSineSteps = 24;
inline constexpr std::int64_t kSineColumns = 5;

Schema sines_schema();

// ErrorKind::usage when `subjects` is below 1. Work is cut into shards of 1024 people, each with a stream of its own.
Cohort simulate_sines(std::int64_t subjects, const Context& context, std::int64_t first = 0);

}  // namespace understudy
