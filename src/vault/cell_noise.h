// Noise on every cell of a record: the two settings of "Synthetic and Private Smart Health Care Data Generation using
// GANs" (Imtiaz et al., ICCCN 2021), made true.
//
// A record is laid out in a public shape: every subject has `rows` rows, padded or cut, whose times are the schema's
// public origin and the steps after it. Every cell then goes through one of two mechanisms:
//   number      clamped to its public bounds, put on a public grid of K steps, plus discrete Gaussian noise on a
//               sensitivity of K steps; clamped again (post-processing). A missing value stands in the middle.
//   choice      categories, whether a number is there, whether a row is there: k-ary randomised response
// noise-input    the mechanisms run on every training record. Guarantee: replacing one subject's whole record by any other
//               (the null record too) costs `mu` of Gaussian DP, composed over all cells of the record. The number of
//               subjects is public.
// noise-output   the mechanisms run on every cell of a sample from a model that was trained without privacy. Every cell
//               may change with any training subject, so the same mechanisms compose over all cells of all rows that
//               leave: that is the guarantee of the training subjects, and usually it is vacuous.
// Tried to break by: cell_noise_test (counts of mechanisms), tests/falsify.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "privacy/noise/source.h"
#include "understudy/cohort.h"
#include "understudy/privacy.h"

namespace understudy {

struct CellNoise {
  std::int64_t rows = 1;   // of each subject in the series: the schema's max_rows
  double mu = 0;           // of one use of a mechanism: every one costs the same
};

// ErrorKind::input naming the lack of `max_rows`, or the first column without public bounds or categories unless those
// are going to be bought, and the cure. Of codes: as check_codes.
void check_public(const Schema& schema, bool will_buy = false);

// What check_public says of one column of codes: ErrorKind::input where its categories were read off the data (codes
// cannot be bought), ErrorKind::usage where it has no max_codes. Other columns pass.
void check_codes(const ColumnSpec& column);

// ErrorKind::usage naming the first column whose cells have no mechanism here: codes.
void check_cell_noise(const Schema& schema);

// The noise at which `records` records together cost at most `mu`. Refuses as check_public and check_cell_noise do.
CellNoise share_noise(const Schema& schema, std::int64_t records, double mu);

// The mechanisms that `records` records go through, as events.
std::vector<PrivacyEvent> cell_events(const Schema& schema, const CellNoise& noise, std::int64_t records);

// A cohort of the public shape, every cell noised: `records` subjects (null records where the cohort has fewer). Id and
// text columns are missing, subject keys are numbers in a random order.
Cohort add_cell_noise(const Cohort& cohort, std::int64_t records, const CellNoise& noise, NoiseSource& source);

}  // namespace understudy
