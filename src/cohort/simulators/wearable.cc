#include "cohort/simulators/wearable.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "cohort/simulators/shards.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kDays = 28;
constexpr std::int64_t kFirstDay = 19723;  // 1 January 2024, a Monday

struct Person {
  std::int64_t age = 0;
  bool male = false;
  bool chronic = false;
  bool bmi_missing = false;
  int region = 0;
  double bmi = 0;
  double habit = 0;
  double log_steps = 0;  // mean of an average day
  double basal = 0;      // kcal a day without a step
  double resting = 0;    // beats a minute
  double stride = 0;     // km a step
  std::int64_t start = 0;
  std::int64_t days = 0;
};

// Which values of a day are there; bits of one byte, because validity words are shared between shards.
enum : std::uint8_t { kAlways = 1, kWorn = 2, kHeart = 4, kSleep = 8 };

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double rounded(double value, double low, double high) { return std::clamp(std::nearbyint(value), low, high); }

std::int64_t whole(double value, double low, double high) {
  return static_cast<std::int64_t>(rounded(value, low, high));
}

Person draw_person(Rng& rng) {
  Person p;
  p.age = 18 + static_cast<std::int64_t>(rng.below(63));
  p.male = rng.bernoulli(0.49);
  p.region = static_cast<int>(rng.below(4));
  p.habit = rng.normal();
  p.bmi = rounded(10 * (17 + 2 * rng.gamma(5) - 0.8 * p.habit), 120, 800) / 10;
  const double years = static_cast<double>(p.age) - 45;
  const double weight = p.bmi - 27;
  p.chronic = rng.bernoulli(sigmoid(-2.2 + 0.05 * years + 0.08 * weight));
  p.bmi_missing = rng.bernoulli(p.bmi > 33 ? 0.20 : 0.04);
  p.log_steps = 8.9 + 0.35 * p.habit - 0.006 * years - 0.02 * weight - (p.chronic ? 0.25 : 0);
  p.basal = 1250 + (p.male ? WearableTruth::male_kcal : 0) + 18 * weight - 5 * years;
  p.resting = 66 + (p.male ? 0 : -WearableTruth::male_resting_bpm) - 2.5 * p.habit + 0.3 * weight +
              (p.chronic ? 3 : 0) + 4 * rng.normal();
  p.stride = (p.male ? 0.00074 : 0.00066) + 0.00003 * rng.normal();
  p.start = kFirstDay + static_cast<std::int64_t>(rng.below(364));
  const double hazard = 0.01 * std::exp(-0.5 * p.habit);
  p.days = 1 + static_cast<std::int64_t>(std::min(rng.exponential() / hazard, static_cast<double>(kDays - 1)));
  return p;
}

// The columns of one cohort's series, as arrays that shards fill side by side.
struct Days {
  std::span<std::int64_t> date, steps;
  std::span<double> distance;
  std::span<std::int64_t> very, fairly, lightly, sedentary, calories, resting;
  std::span<double> heart;
  std::span<std::int64_t> asleep, in_bed, worn;
  std::vector<std::uint8_t> present;  // bits of which values are there

  explicit Days(Cohort& cohort) : present(static_cast<std::size_t>(cohort.series.rows())) {
    Table& t = cohort.series;
    const auto integers = [&](std::size_t index) { return t.column(index).values<std::int64_t>(); };
    date = cohort.times.values<std::int64_t>();
    steps = integers(0);
    distance = t.column(1).values<double>();
    very = integers(2), fairly = integers(3), lightly = integers(4), sedentary = integers(5), calories = integers(6);
    resting = integers(7);
    heart = t.column(8).values<double>();
    asleep = integers(9), in_bed = integers(10), worn = integers(11);
  }
};
constexpr std::uint8_t kNeeds[] = {kAlways, kAlways, kAlways, kAlways, kAlways, kAlways,
                                   kAlways, kWorn,   kHeart,  kSleep,  kSleep,  kAlways};

double calendar_effect(std::int64_t day) {
  const auto weekday = static_cast<std::size_t>((day - kFirstDay) % 7);
  const double of_year = static_cast<double>(day - kFirstDay) - 196;
  return WearableTruth::weekday_log_steps[weekday] + 0.12 * std::cos(2 * std::numbers::pi * of_year / 365.25);
}

// Minutes of an activity that many days have none of.
std::int64_t minutes(double logit, double mean, double limit, Rng& rng) {
  if (!rng.bernoulli(sigmoid(logit))) return 0;
  return whole(1 + mean * rng.gamma(1.3), 1, limit);
}

// Night and active minutes of a worn day; they fill the time that the device was worn.
void draw_minutes(const Person& p, double effort, Rng& rng, std::size_t row, Days& days) {
  const double missing = p.chronic ? WearableTruth::sleep_missing_chronic : WearableTruth::sleep_missing;
  const bool night = !rng.bernoulli(missing);
  days.in_bed[row] = whole(470 + 55 * rng.normal(), 180, 720);
  const double efficiency = std::clamp(0.92 + 0.04 * rng.normal(), 0.5, 1.0);
  days.asleep[row] = static_cast<std::int64_t>(efficiency * static_cast<double>(days.in_bed[row]));
  const double awake = std::floor(static_cast<double>(1440 - days.in_bed[row]) * rng.uniform(0.75, 1));
  days.very[row] = minutes(-0.4 + 1.3 * effort, 14 * std::exp(0.5 * effort), 180, rng);
  days.fairly[row] = minutes(0.2 + 1.1 * effort, 12 * std::exp(0.3 * effort), 120, rng);
  const double left = awake - static_cast<double>(days.very[row] + days.fairly[row]);
  days.lightly[row] = whole(190 + 70 * effort + 45 * rng.normal(), 1, left);
  days.sedentary[row] = static_cast<std::int64_t>(left) - days.lightly[row];
  days.worn[row] = static_cast<std::int64_t>(awake) + (night ? days.in_bed[row] : 0);
  days.present[row] |= night ? kSleep : 0;
}

void draw_worn_day(const Person& p, double log_steps, Rng& rng, std::size_t row, Days& days) {
  days.present[row] = kAlways | kWorn;
  days.steps[row] = whole(std::exp(log_steps), 1, 100000);
  const auto steps = static_cast<double>(days.steps[row]);
  days.distance[row] = rounded(100 * p.stride * steps, 0, 10000) / 100;
  days.resting[row] = whole(p.resting + 1.5 * rng.normal(), 30, 150);
  const double years = static_cast<double>(p.age) - 45;
  const double beats = static_cast<double>(days.resting[row]) + 12 +
                       WearableTruth::bpm_per_thousand_steps * steps / 1000 - 0.1 * years + 2 * rng.normal();
  days.heart[row] = rounded(10 * beats, 300, 2200) / 10;
  days.present[row] |= rng.bernoulli(0.04) ? 0 : kHeart;
  draw_minutes(p, log_steps - 8.9, rng, row, days);
}

void draw_days(const Person& p, std::int64_t first, Rng& rng, Days& days) {
  const double idle = sigmoid(-2.4 - 0.6 * p.habit);
  const double spread = std::sqrt(1 - WearableTruth::lag_one * WearableTruth::lag_one);
  double mood = rng.normal();
  for (std::int64_t d = 0; d < p.days; ++d) {
    const auto row = static_cast<std::size_t>(first + d);
    days.date[row] = p.start + d;
    days.present[row] = kAlways;
    days.sedentary[row] = 1440;
    if (!rng.bernoulli(idle)) draw_worn_day(p, p.log_steps + calendar_effect(p.start + d) + 0.4 * mood, rng, row, days);
    const double spent = p.basal + WearableTruth::kcal_per_step * static_cast<double>(days.steps[row]);
    days.calories[row] = whole(spent + 60 * rng.normal(), 300, 12000);
    mood = WearableTruth::lag_one * mood + spread * rng.normal();
  }
}

std::vector<Person> draw_people(std::int64_t subjects, const Context& context, std::int64_t skipped) {
  std::vector<Person> people(static_cast<std::size_t>(subjects));
  for_shards(subjects, context, [&](std::int64_t shard, std::int64_t first, std::int64_t end) {
    Rng rng = context.rng("wearable people", static_cast<std::uint64_t>(skipped + shard));
    for (std::int64_t s = first; s < end; ++s) people[static_cast<std::size_t>(s)] = draw_person(rng);
  });
  return people;
}

void put_people(const std::vector<Person>& people, std::int64_t number, Cohort& cohort) {
  cohort.statics.resize(static_cast<std::int64_t>(people.size()));
  std::int64_t s = 0;
  for (const Person& p : people) {
    cohort.subjects.push_back(fmt::format("w{:07}", number + s + 1));
    cohort.offsets.push_back(cohort.offsets.back() + p.days);
    cohort.statics.column(0).set_number(s, static_cast<double>(p.age));
    cohort.statics.column(1).set_number(s, p.male);
    cohort.statics.column(2).set_number(s, p.region);
    if (!p.bmi_missing) cohort.statics.column(3).set_number(s, p.bmi);
    cohort.statics.column(4).set_number(s++, p.chronic);
  }
}

// Validity words span shards of people, so they are written column by column: one column, one thread.
void set_validity(const Days& days, Cohort& cohort, const Context& context) {
  const auto width = static_cast<std::int64_t>(cohort.series.width());
  parallel_for(width + 1, context.threads, [&](std::int64_t index) {
    Column& column = index == width ? cohort.times : cohort.series.column(static_cast<std::size_t>(index));
    const std::uint8_t need = index == width ? std::uint8_t{kAlways} : kNeeds[index];
    for (std::int64_t row = 0; row < column.size(); ++row) {
      if ((days.present[static_cast<std::size_t>(row)] & need) != 0) column.set_number(row, column.number(row));
    }
  });
}

}  // namespace

Cohort simulate_wearable(std::int64_t subjects, const Context& context, std::int64_t first_person) {
  const std::int64_t skipped = first_shard(subjects, first_person);
  Cohort cohort = make_cohort(wearable_schema());
  const std::vector<Person> people = draw_people(subjects, context, skipped);
  put_people(people, first_person, cohort);
  cohort.series.resize(cohort.offsets.back());
  cohort.times.resize(cohort.offsets.back());
  Days days(cohort);
  for_shards(subjects, context, [&](std::int64_t shard, std::int64_t first, std::int64_t end) {
    Rng rng = context.rng("wearable days", static_cast<std::uint64_t>(skipped + shard));
    for (std::int64_t s = first; s < end; ++s) {
      const auto i = static_cast<std::size_t>(s);
      draw_days(people[i], cohort.offsets[i], rng, days);
    }
  });
  set_validity(days, cohort, context);
  return cohort;
}

}  // namespace understudy
