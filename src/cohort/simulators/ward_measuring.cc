#include "cohort/simulators/ward_measuring.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

enum Panel : std::size_t { kVitals, kChemistry, kCount, kGas, kCoagulation, kHepatic, kCardiac };

template <class... Names>
consteval std::uint64_t bits(Names... names) {
  return ((std::uint64_t{1} << ward_variable(names)) | ...);
}

struct PanelSpec {
  std::array<double, 2> per_hour;  // at severity 0, of {ward, ward-b}
  double log_rate;                 // per unit of severity
  double at_admission;             // probability
};

constexpr PanelSpec kPanels[] = {
    {WardTruth::rounds_per_hour, WardTruth::vitals_log_rate, 1},
    {{1.0 / 12, 1.0 / 24}, WardTruth::laboratory_log_rate, .95},
    {{1.0 / 16, 1.0 / 24}, WardTruth::laboratory_log_rate, .95},
    {{1.0 / 12, 1.0 / 16}, WardTruth::laboratory_log_rate, .5},  // three times as often when ventilated
    {{1.0 / 24, 1.0 / 36}, WardTruth::laboratory_log_rate, .6},
    {{1.0 / 36, 1.0 / 24}, WardTruth::laboratory_log_rate, .5},
    {{1.0 / 48, 1.0 / 48}, WardTruth::laboratory_log_rate, .35},  // four times as often with a diagnosis of the heart
};

// What is measured together when its panel is.
struct Member {
  Panel panel;
  std::uint64_t variables;
  std::array<double, 2> share;  // probability, of {ward, ward-b}
};

constexpr Member kMembers[] = {
    {kVitals, bits("heart_rate"), {1, 1}},
    {kVitals, bits("respiratory_rate"), {.9, .8}},
    {kVitals, bits("oxygen_saturation"), {.95, .9}},
    {kVitals, bits("systolic_pressure", "diastolic_pressure", "mean_arterial_pressure"), {.85, .95}},
    {kVitals, bits("body_temperature"), WardTruth::temperature_of_rounds},
    {kVitals, bits("glasgow_coma_scale"), {.25, .1}},
    {kVitals, bits("inspired_oxygen_percent"), {.2, .3}},
    {kChemistry,
     bits("sodium", "potassium", "chloride", "bicarbonate", "blood_urea_nitrogen", "creatinine", "glucose"),
     {1, 1}},
    {kChemistry, bits("calcium"), {.8, .6}},
    {kChemistry, bits("magnesium"), {.7, .3}},
    {kChemistry, bits("phosphate"), {.6, .3}},
    {kChemistry, bits("c_reactive_protein"), {.05, .5}},
    {kCount, bits("haemoglobin", "platelets", "white_cell_count"), {1, 1}},
    {kCount, bits("mean_cell_volume", "mean_cell_haemoglobin", "mean_cell_haemoglobin_concentration"), {.9, 1}},
    {kCount, bits("neutrophils_percent", "lymphocytes_percent"), {.4, .8}},
    {kCount, bits("band_neutrophils"), {.15, 0}},
    {kGas, bits("ph_arterial", "partial_pressure_co2", "partial_pressure_o2", "base_excess"), {1, 1}},
    {kGas, bits("lactate"), WardTruth::lactate_of_gases},
    {kGas, bits("calcium_ionised"), {.6, .8}},
    {kGas, bits("methaemoglobin"), {.2, .7}},
    {kGas, bits("glucose"), {0, .8}},
    {kGas, bits("inspired_oxygen_percent"), {.7, .9}},
    {kCoagulation, bits("inr", "partial_thromboplastin_time"), {1, 1}},
    {kCoagulation, bits("fibrinogen"), {.3, .6}},
    {kHepatic,
     bits("alanine_aminotransferase", "aspartate_aminotransferase", "alkaline_phosphatase", "bilirubin_total"),
     {1, 1}},
    {kHepatic, bits("albumin"), {.8, .6}},
    {kHepatic, bits("bilirubin_direct"), {.2, .5}},
    {kCardiac, bits("troponin_t"), {1, 1}},
    {kCardiac, bits("creatine_kinase"), {.7, .3}},
    {kCardiac, bits("creatine_kinase_mb"), {.6, .2}},
};

constexpr std::array<double, 2> kUrineShare = {.5, .25};  // of the hours

// The visits of one stay while they are drawn.
class Chart {
 public:
  Chart(WardSite site, const WardPatient& patient, Rng& rng)
      : site_(static_cast<std::size_t>(site)), patient_(patient), hours_(patient.course.hours), rng_(rng) {}

  std::vector<WardVisit> draw() {
    admission();
    for (std::size_t h = 0; h < hours_.size(); ++h) {
      for (std::size_t panel = 0; panel < std::size(kPanels); ++panel) panel_in_hour(panel, h);
      on_the_hour(h);
      if (hours_[h].bolus > 0) write(minute(h) + hours_[h].bolus_minute, bits("fluids"));
    }
    write(minute(hours_.size()), members(kVitals));
    return merged();
  }

 private:
  static int minute(std::size_t hour) { return 60 * static_cast<int>(hour); }
  void write(int at, std::uint64_t variables) { visits_.push_back({at, variables}); }

  std::uint64_t members(std::size_t panel) {
    std::uint64_t result = 0;
    for (const Member& member : kMembers) {
      if (member.panel == panel && rng_.bernoulli(member.share[site_])) result |= member.variables;
    }
    return result;
  }

  void admission() {
    write(0, members(kVitals));
    const int blood = 1 + static_cast<int>(rng_.below(59));
    for (std::size_t panel = kChemistry; panel < std::size(kPanels); ++panel) {
      if (rng_.bernoulli(kPanels[panel].at_admission)) write(blood, members(panel));
    }
  }

  double urgency(std::size_t panel, const WardHour& hour) const {
    if (panel == kGas && hour.ventilated) return 3;
    const std::string_view diagnosis = kWardDiagnoses[patient_.diagnosis].name;
    return panel == kCardiac && (diagnosis == "myocardial_infarction" || diagnosis == "heart_failure") ? 4 : 1;
  }

  // Each minute holds the panel with the same probability; the gaps are geometric.
  void panel_in_hour(std::size_t panel, std::size_t h) {
    const PanelSpec& spec = kPanels[panel];
    const WardHour& hour = hours_[h];
    const double rate = spec.per_hour[site_] * std::exp(spec.log_rate * hour.severity) * urgency(panel, hour);
    const double scale = -1 / std::log1p(-std::min(rate / 60, 0.9));
    const auto gap = [&] { return std::floor(scale * rng_.exponential()); };
    for (double at = gap(); at < 60; at += 1 + gap()) write(minute(h) + static_cast<int>(at), members(panel));
  }

  void on_the_hour(std::size_t h) {
    const WardHour& now = hours_[h];
    const WardHour before = h == 0 ? WardHour{} : hours_[h - 1];
    std::uint64_t variables = 0;
    if (h > 0 && rng_.bernoulli(kUrineShare[site_])) variables |= bits("urine_output");
    if (now.norepinephrine > 0 || before.norepinephrine > 0) variables |= bits("norepinephrine");
    const bool round = h == 0 || (now.ventilated && h % 4 == 0);
    if (round || now.ventilated != before.ventilated) variables |= bits("mechanical_ventilation");
    if (variables != 0) write(minute(h), variables);
  }

  std::vector<WardVisit> merged() {
    std::sort(visits_.begin(), visits_.end(), [](const auto& a, const auto& b) { return a.minute < b.minute; });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < visits_.size(); ++i) {
      if (visits_[i].minute == visits_[kept].minute) {
        visits_[kept].variables |= visits_[i].variables;
      } else {
        visits_[++kept] = visits_[i];
      }
    }
    visits_.resize(kept + 1);
    return std::move(visits_);
  }

  std::size_t site_;
  const WardPatient& patient_;
  const std::vector<WardHour>& hours_;
  Rng& rng_;
  std::vector<WardVisit> visits_;
};

}  // namespace

std::vector<WardVisit> draw_ward_visits(WardSite site, const WardPatient& patient, Rng& rng) {
  return Chart(site, patient, rng).draw();
}

}  // namespace understudy
