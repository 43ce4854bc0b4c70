// The guarantee of a run's release, read off the ledger: what its plans cost together, under the data set's limit.
#pragma once

#include <cstddef>
#include <optional>

#include "pipeline/statement.h"

namespace understudy {

// Of the plans from event `first` of the ledger on, taken as one plan. Nothing when there is none, or when something was
// declassified.
std::optional<GuaranteeFacts> guarantee_since(const Ledger& ledger, std::size_t first);

}  // namespace understudy
