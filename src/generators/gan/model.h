// The model of generator "gan".
#pragma once

#include <optional>

#include "encode/timeline.h"
#include "generators/gan/part.h"
#include "understudy/model.h"

namespace understudy {

class GanModel : public Model {
 public:
  struct Parts {
    Schema schema;
    Timeline timeline;
    std::optional<GanPart> statics;
    std::optional<GanPart> series;
    nlohmann::json options;                 // name -> value, as trained
  };
  explicit GanModel(Parts parts) : parts_(std::move(parts)) {}

  const Schema& schema() const override { return parts_.schema; }
  // A condition on a category is met by drawing subjects until enough have it, on a number by taking subjects within
  // half a step or 1 % of the column's range of it and then setting it (gan_sampler.h says when it gives up).
  Cohort sample(const SampleRequest& request, const Context& context) const override;
  TensorFile save() const override;
  static ModelPtr load(const TensorFile& file);

 private:
  Parts parts_;
};

}  // namespace understudy
