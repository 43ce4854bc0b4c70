// The model of generator "understudy".
#pragma once

#include <optional>

#include "generators/condition.h"
#include "generators/understudy/series_network.h"
#include "generators/code/subject_code.h"
#include "understudy/model.h"

namespace understudy {

// What is learnt, but for the networks' parameters.
struct UnderstudyShape {
  Schema schema;
  Timeline timeline;
  std::vector<Marginal> statics, series;
  std::int64_t hidden = 128;
  std::int32_t bins = 40;  // of a number in a row, at most
};

class UnderstudyModel : public Model {
 public:
  // The networks with their first parameters; a fit writes others.
  UnderstudyModel(UnderstudyShape shape, const Context& context);

  const SubjectCode& code() const { return code_; }
  const std::optional<Chain>& statics() const { return statics_; }            // none: no static column, no series
  const std::optional<SeriesNetwork>& series() const { return series_; }     // none: no series column
  // Moves the networks' last biases so that what is drawn has the shares of the marginals.
  void calibrate_statics(const Context& context);
  // Rows count alike, or, where the marginals are bought (private_marginals.h), each subject counts once: its rows for the missing
  // share, its measured values for the others.
  enum class Weight { row, subject };
  void calibrate_series(Weight weight, const Context& context);
  at::Tensor statics_flat, series_flat;                                      // float [parameters]
  nlohmann::json options = nlohmann::json::object();                         // name -> value, as trained

  const Schema& schema() const override { return shape_.schema; }
  Cohort sample(const SampleRequest& request, const Context& context) const override;
  TensorFile save() const override;
  static ModelPtr load(const TensorFile& file);

 private:
  std::vector<std::vector<double>> drawn_shares(Weight weight, std::uint64_t round, const Context& context) const;
  struct Subjects;  // drawn: their static categories, the statics as a table, and how many rows they have
  Subjects draw_subjects(std::int64_t count, std::uint64_t round, const Context& context) const;
  Subjects subjects_given(std::int64_t count, const std::vector<StaticCondition>& conditions, const Context& context) const;
  std::vector<std::int32_t> draw_rows(const Subjects& subjects, const std::vector<std::int64_t>& offsets, const Context& context) const;
  void draw_series(const Subjects& subjects, Cohort& cohort, const Context& context) const;

  UnderstudyShape shape_;
  SubjectCode code_;
  std::optional<Chain> statics_;
  std::optional<SeriesNetwork> series_;
};

}  // namespace understudy
