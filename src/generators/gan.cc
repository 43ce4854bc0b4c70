#include "generators/gan.h"

#include "generators/gan/fit.h"
#include "nn/serial.h"

namespace understudy {
namespace {

class GanGenerator : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options& options, const Context& context,
             const Checkpoint& checkpoint) const override {
    return vault.look("train gan", [&](const Cohort& cohort) -> ModelPtr {
      return fit_gan(cohort, options, context, checkpoint);
    });
  }
  ModelPtr load(const TensorFile& file) const override { return GanModel::load(file); }
};

}  // namespace

std::unique_ptr<Generator> make_gan() { return std::make_unique<GanGenerator>(); }

}  // namespace understudy

understudy::Generator* understudy_make_gan() { return understudy::make_gan().release(); }
