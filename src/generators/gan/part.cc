#include "generators/gan/part.h"

#include <ATen/ATen.h>

#include "nn/store.h"
#include "understudy/error.h"

namespace understudy {

at::Tensor GanPart::raw_rows(const at::Tensor& inputs) const {
  return generator.forward(inputs).view({-1, head.width()});
}

at::Tensor GanPart::drawn(const at::Tensor& raw, Rng& rng) const {
  return (calibration.rows(head, raw, rng) / head.units()).contiguous();
}

void GanPart::save(TensorFile& file, const std::string& name) const {
  file.metadata[name] = {{"codec", codec.to_json()}, {"window", window}, {"latent", latent},
                         {"person_latent", person_latent}};
  nn::put(file, name + ".generator", generator);
  calibration.save(file, name + ".calibration");
}

GanPart GanPart::load(const TensorFile& file, const std::string& name) {
  const nlohmann::json& json = file.metadata.at(name);
  Codec codec = Codec::from_json(json.at("codec"));
  GanHead head(codec.blocks());
  GanPart part{.codec = std::move(codec), .head = std::move(head), .generator = nn::take_mlp(file, name + ".generator"),
               .calibration = GanCalibration::load(file, name + ".calibration"), .window = json.at("window"),
               .latent = json.at("latent"), .person_latent = json.at("person_latent")};
  const bool fits = part.window > 0 && part.latent > 0 && part.person_latent >= 0 && part.condition_width() >= 0 &&
                    part.generator.widths().back() == part.window * part.head.width() &&
                    part.calibration.fits(part.head);
  if (!fits) fail(ErrorKind::input, "part '{}' of the model file does not fit its own codec", name);
  return part;
}

}  // namespace understudy
