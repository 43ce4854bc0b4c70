// A trained model: what a generator learnt, able to draw synthetic cohorts and to be written to a file that cannot
// run code and holds no training record (a generator that keeps records says so in its registry row).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "understudy/cohort.h"
#include "understudy/context.h"
#include "understudy/tensor_file.h"

namespace understudy {

struct SampleRequest {
  std::int64_t subjects = 0;                     // how many people to draw; at least 1
  std::map<std::string, std::string> condition;  // static column -> value that every drawn subject has; empty: none
};

class Model {
 public:
  virtual ~Model() = default;
  virtual const Schema& schema() const = 0;
  // A synthetic cohort of the model's schema: values inside bounds, constraints kept, subject keys made up.
  // Post-processing of the model. The same context seed gives the same cohort with any number of threads.
  // ErrorKind::usage for a condition on an unknown or non-static column or value.
  virtual Cohort sample(const SampleRequest& request, const Context& context) const = 0;
  virtual TensorFile save() const = 0;
};

using ModelPtr = std::shared_ptr<const Model>;

}  // namespace understudy
