// The model of every panel generator.
#pragma once

#include <memory>

#include "generators/panel/panel_code.h"
#include "generators/panel/panel_network.h"
#include "understudy/model.h"

namespace understudy {

class PanelModel : public Model {
 public:
  // The network with its first parameters; a fit writes others. `method` must outlive it.
  PanelModel(const PanelMethod& method, PanelSource source, Options options, const Context& context);

  const PanelCode& code() const { return code_; }
  const PanelNetwork& network() const { return *network_; }
  // Mends what the trained network draws, where option `calibrate` asks for it.
  void calibrate(const Context& context);

  const Schema& schema() const override { return code_.source().schema; }
  // A condition is met by drawing subjects until enough do.
  Cohort sample(const SampleRequest& request, const Context& context) const override;
  TensorFile save() const override;
  static ModelPtr load(const PanelMethod& method, const TensorFile& file);

 private:
  std::vector<float> draw_panels(std::int64_t count, Rng rng) const;  // in [0, 1]
  DecodedPanels draw_subjects(std::int64_t count, std::uint64_t round, const Context& context) const;
  DecodedPanels subjects_for(const SampleRequest& request, const Context& context) const;

  const PanelMethod* method_;
  Options options_;
  PanelCode code_;
  std::unique_ptr<PanelNetwork> network_;
  PanelCalibration calibration_;
};

}  // namespace understudy
