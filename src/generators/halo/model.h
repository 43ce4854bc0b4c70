// The model of generator "halo".
#pragma once

#include "generators/code/subject_code.h"
#include "generators/condition.h"
#include "generators/halo/network.h"
#include "generators/halo/visit_code.h"
#include "understudy/model.h"

namespace understudy {

// What is learnt, but for the network's parameters.
struct HaloParts {
  Schema schema;
  Timeline timeline;
  std::vector<Marginal> statics, series;
  std::int32_t bins = 12;
  HaloShape network;  // its `codes` are set by the model
};

class HaloModel : public Model {
 public:
  // The network with its first parameters; a fit writes others.
  HaloModel(HaloParts parts, const Context& context);

  const SubjectCode& code() const { return code_; }
  const VisitCode& labels() const { return labels_; }
  const VisitCode& visits() const { return visits_; }
  const HaloNetwork& network() const { return network_; }
  at::Tensor flat;                                          // float [parameters]
  nlohmann::json options = nlohmann::json::object();        // name -> value, as trained

  const Schema& schema() const override { return parts_.schema; }
  Cohort sample(const SampleRequest& request, const Context& context) const override;
  TensorFile save() const override;
  static ModelPtr load(const TensorFile& file);

 private:
  struct Subjects;  // drawn: their labels as categories, the statics as a table, and how many rows they have
  Subjects draw_subjects(std::int64_t count, std::uint64_t round, const Context& context) const;
  Subjects subjects_given(std::int64_t count, const std::vector<StaticCondition>& conditions, const Context& context) const;
  std::vector<std::int32_t> draw_rows(const Subjects& subjects, const std::vector<std::int64_t>& offsets, const Context& context) const;
  void draw_series(const Subjects& subjects, Cohort& cohort, const Context& context) const;

  HaloParts parts_;
  SubjectCode code_;
  VisitCode visits_, labels_;
  HaloNetwork network_;
};

}  // namespace understudy
