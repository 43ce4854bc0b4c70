#include "cohort/simulators/ward_codes.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

constexpr std::size_t kFirstDiagnosis = std::size(kWardFacts);
constexpr std::size_t kFirstCode = kFirstDiagnosis + std::size(kWardDiagnoses);

// The place of a cause of `code` (0: of facts alone); a name that is none, or a code further down, does not compile.
consteval std::size_t place_of(std::string_view name, std::size_t code) {
  for (std::size_t i = 0; i < std::size(kWardFacts); ++i) {
    if (kWardFacts[i] == name) return i;
  }
  for (std::size_t i = 0; i < std::size(kWardDiagnoses); ++i) {
    if (kWardDiagnoses[i].name == name) return kFirstDiagnosis + i;
  }
  std::size_t above = 0;
  while (kWardCodes[above].category != name) ++above;
  return above < code ? kFirstCode + above : throw "a code can only cause codes below it";
}

struct Term {
  std::size_t place = 0;
  double log_odds = 0;
};
using Terms = std::array<Term, std::tuple_size_v<decltype(WardCode::causes)>>;

consteval std::array<Terms, kWardCodeCount> terms_of_codes() {
  std::array<Terms, kWardCodeCount> terms{};
  for (std::size_t code = 0; code < kWardCodeCount; ++code) {
    for (std::size_t i = 0; i < terms[code].size(); ++i) {
      const WardCause& cause = kWardCodes[code].causes[i];
      if (!cause.name.empty()) terms[code][i] = {place_of(cause.name, code), cause.log_odds};
    }
  }
  return terms;
}

constexpr auto kTerms = terms_of_codes();

WardCauses causes_of(const WardPatient& p) {
  const auto ever = [&](const auto& happens) {
    return std::any_of(p.course.hours.begin(), p.course.hours.end(), happens) ? 1.0 : 0.0;
  };
  WardCauses causes{};
  causes[place_of("age", 0)] = static_cast<double>(p.age - 60) / 10;
  causes[place_of("male", 0)] = p.male;
  causes[place_of("bmi", 0)] = p.weight / (p.height * p.height / 1e4) - 30;
  causes[place_of("severity", 0)] = p.course.severity;
  std::copy(p.course.organs.begin(), p.course.organs.end(), causes.begin() + place_of("kidney", 0));
  causes[place_of("ventilated", 0)] = ever([](const WardHour& hour) { return hour.ventilated; });
  causes[place_of("norepinephrine", 0)] = ever([](const WardHour& hour) { return hour.norepinephrine > 0; });
  causes[place_of("died", 0)] = p.course.died;
  causes[kFirstDiagnosis + p.diagnosis] = 1;
  return causes;
}

bool is_excluded(const WardCode& code, const WardPatient& p) {
  return p.age > code.oldest || (code.only != 0 && p.male != (code.only == 'M'));
}

}  // namespace

double ward_code_log_odds(WardSite site, std::size_t code, const WardCauses& causes) {
  double sum = kWardCodes[code].log_odds + (site == WardSite::ward_b ? kWardCodes[code].habit_of_b : 0);
  for (const Term& term : kTerms[code]) sum += term.log_odds * causes[term.place];
  return sum;
}

std::vector<std::int32_t> draw_ward_codes(WardSite site, const WardPatient& patient, Rng& rng) {
  WardCauses causes = causes_of(patient);
  std::vector<std::int32_t> codes;
  for (std::size_t code = 0; code < kWardCodeCount; ++code) {
    const double share = 1 / (1 + std::exp(-ward_code_log_odds(site, code, causes)));
    const bool drawn = rng.uniform() < share;
    if (!drawn || is_excluded(kWardCodes[code], patient)) continue;
    causes[kFirstCode + code] = 1;
    codes.push_back(static_cast<std::int32_t>(code));
  }
  return as_set(std::move(codes), kMostWardCodes);
}

}  // namespace understudy
