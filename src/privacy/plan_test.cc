#include <gtest/gtest.h>

#include <cmath>

#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy {
namespace {

Plan one(PrivacyEvent event, Neighbours neighbours = Neighbours::add_remove) {
  event.what = "tested";
  return {.purpose = "test", .neighbours = neighbours, .events = {std::move(event)}};
}

template <class F>
std::string failure(ErrorKind kind, const F& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

TEST(Plan, NamesGoBothWays) {
  for (const auto neighbours : {Neighbours::add_remove, Neighbours::replace_one, Neighbours::zero_out}) {
    EXPECT_EQ(parse_neighbours(to_string(neighbours)), neighbours);
  }
  EXPECT_EQ(to_string(Neighbours::zero_out), "zero-out");
  EXPECT_EQ(to_string(EventKind::discrete_gaussian), "discrete_gaussian");
  EXPECT_NE(failure(ErrorKind::usage, [] { parse_neighbours("add_remove"); }).find("replace-one"), std::string::npos);
}

TEST(Plan, FieldsOutsideTheirRangeAreNamed) {
  const auto refused = [](PrivacyEvent event, const std::string& field,
                          Neighbours neighbours = Neighbours::add_remove) {
    const auto text = failure(ErrorKind::internal, [&] { one(event, neighbours).validate(); });
    EXPECT_NE(text.find(field + " is"), std::string::npos) << text;
    EXPECT_NE(text.find("event 0 ('tested'"), std::string::npos) << text;
  };
  refused({.kind = EventKind::gaussian}, "noise");
  refused({.kind = EventKind::gaussian, .sensitivity = 0, .noise = 1}, "sensitivity");
  refused({.kind = EventKind::laplace, .noise = INFINITY}, "noise");
  refused({.kind = EventKind::discrete_laplace, .noise = NAN}, "noise");
  refused({.kind = EventKind::pure}, "epsilon");
  refused({.kind = EventKind::bounded_range, .epsilon = -1}, "epsilon");
  refused({.kind = EventKind::randomised_response, .epsilon = 1, .choices = 1}, "choices");
  refused({.kind = EventKind::gaussian, .noise = 1, .rate = 0}, "rate");
  refused({.kind = EventKind::gaussian, .noise = 1, .rate = 1.5}, "rate");
  refused({.kind = EventKind::laplace, .noise = 1, .rate = 0.5}, "rate");
  refused({.kind = EventKind::gaussian, .noise = 1, .rate = 0.5}, "rate", Neighbours::replace_one);
  refused({.kind = EventKind::gaussian, .noise = 1, .records = 0}, "records");
  refused({.kind = EventKind::laplace, .noise = 1, .records = 2}, "records");
  refused({.kind = EventKind::gaussian, .noise = 1, .delta = 1}, "delta");
  refused({.kind = EventKind::gaussian, .noise = 1, .count = 0}, "count");
  one({}).validate();
  one({.kind = EventKind::gaussian, .noise = 1, .rate = 0.5}, Neighbours::zero_out).validate();
  failure(ErrorKind::internal, [] { Plan{.unit = "bed"}.validate(); });
}

TEST(Plan, JsonKeepsEveryNumber) {
  const Plan plan{
      .purpose = "train \"x\"",
      .unit = "row",
      .neighbours = Neighbours::zero_out,
      .events = {{.what = "steps",
                  .kind = EventKind::gaussian,
                  .sensitivity = 0.1,
                  .noise = 1.0 / 3,
                  .rate = 1e-17,
                  .records = 5,
                  .delta = 4e-320,
                  .count = (std::int64_t{1} << 53) + 1},
                 {.what = "choice", .kind = EventKind::bounded_range, .epsilon = std::nextafter(1.0, 2.0)}}};
  const auto text = to_json(plan).dump();
  const Plan back = plan_from_json(nlohmann::ordered_json::parse(text));
  EXPECT_EQ(to_json(back).dump(), text);
  EXPECT_EQ(back.purpose, plan.purpose);
  EXPECT_EQ(back.unit, "row");
  EXPECT_EQ(back.neighbours, Neighbours::zero_out);
  EXPECT_EQ(back.events[0].noise, 1.0 / 3);
  EXPECT_EQ(back.events[0].delta, 4e-320);
  EXPECT_EQ(back.events[0].count, (std::int64_t{1} << 53) + 1);
  EXPECT_EQ(back.events[1].epsilon, std::nextafter(1.0, 2.0));
}

TEST(Plan, OtherJsonIsRefused) {
  const auto good = to_json(one({.kind = EventKind::laplace, .noise = 1}));
  const auto refused = [&](const std::string& pointer, const nlohmann::ordered_json& value) {
    auto bad = good;
    bad[nlohmann::ordered_json::json_pointer(pointer)] = value;
    failure(ErrorKind::input, [&] { plan_from_json(bad); });
  };
  refused("/events/0/kind", "exponential");
  refused("/events/0/noise", "1");
  refused("/events/0/noise", -1);
  refused("/events/0/noise", nullptr);
  refused("/events/0/count", 1.5);
  refused("/events/0/count", std::numeric_limits<std::uint64_t>::max());
  refused("/events/0/new_field", 1);
  refused("/events", 3);
  refused("/unit", "bed");
  refused("/neighbours", "add");
  failure(ErrorKind::input, [] { plan_from_json(nlohmann::ordered_json::parse("[]")); });
  auto lacking = good;
  lacking["events"][0].erase("rate");
  failure(ErrorKind::input, [&] { plan_from_json(lacking); });
}

TEST(Convert, AddRemoveToZeroOutIsAsItIs) {
  const Plan plan = one({.kind = EventKind::gaussian, .noise = 1, .rate = 0.5});
  auto expected = to_json(plan);
  expected["neighbours"] = "zero-out";
  EXPECT_EQ(to_json(convert(plan, Neighbours::zero_out)), expected);
  EXPECT_EQ(to_json(convert(plan, Neighbours::add_remove)), to_json(plan));
}

TEST(Convert, ReplaceOneDoubles) {
  for (const auto from : {Neighbours::add_remove, Neighbours::zero_out}) {
    const Plan plan{.purpose = "test",
                    .neighbours = from,
                    .events = {{.what = "a", .kind = EventKind::discrete_gaussian, .sensitivity = 1.5, .noise = 3},
                               {.what = "b", .kind = EventKind::bounded_range, .epsilon = 0.25, .count = 7},
                               {.what = "c", .kind = EventKind::randomised_response, .epsilon = 0.5, .choices = 4},
                               {.what = "d", .kind = EventKind::pure, .epsilon = 0.5, .delta = 1e-6}}};
    const Plan converted = convert(plan, Neighbours::replace_one);
    EXPECT_EQ(converted.events[0].sensitivity, 3);
    EXPECT_EQ(converted.events[0].noise, 3);
    EXPECT_EQ(converted.events[1].epsilon, 0.5);
    EXPECT_EQ(converted.events[1].count, 7);
    EXPECT_EQ(converted.events[2].kind, EventKind::pure);
    EXPECT_EQ(converted.events[2].epsilon, 1);
    EXPECT_DOUBLE_EQ(converted.events[3].delta, 1e-6 * (1 + std::exp(0.5)));
    EXPECT_EQ(convert(converted, Neighbours::zero_out).events[0].sensitivity, 3);
  }
}

TEST(Convert, WithoutATheoremItIsRefused) {
  const auto refused = [](const Plan& plan, Neighbours to) { failure(ErrorKind::budget, [&] { convert(plan, to); }); };
  refused(one({.kind = EventKind::gaussian, .noise = 1, .rate = 0.5}), Neighbours::replace_one);
  refused(one({.kind = EventKind::gaussian, .noise = 1, .delta = 1e-9}), Neighbours::replace_one);
  refused(one({.kind = EventKind::gaussian, .noise = 1}, Neighbours::replace_one), Neighbours::add_remove);
  refused(one({.kind = EventKind::gaussian, .noise = 1}, Neighbours::zero_out), Neighbours::add_remove);
}

TEST(DpEvent, HasTheClassesAndFieldsOfDpAccounting) {
  const Plan plan{
      .purpose = "test",
      .events = {{.what = "a", .kind = EventKind::gaussian, .sensitivity = 2, .noise = 3, .rate = 0.01, .count = 10},
                 {.what = "b", .kind = EventKind::gaussian, .noise = 3, .rate = 0.5, .records = 2},
                 {.what = "c", .kind = EventKind::pure, .epsilon = std::log(3.0)},
                 {.what = "d", .kind = EventKind::laplace, .noise = 1, .delta = 1e-9},
                 {.what = "e"}}};
  const auto tree = to_dp_event_json(plan);
  EXPECT_EQ(tree["class_name"], "ComposedDpEvent");
  EXPECT_EQ(tree["module_name"], "dp_accounting.dp_event");
  const auto& events = tree["events"];
  EXPECT_EQ(events[0]["class_name"], "SelfComposedDpEvent");
  EXPECT_EQ(events[0]["count"], 10);
  EXPECT_EQ(events[0]["event"]["class_name"], "PoissonSampledDpEvent");
  EXPECT_EQ(events[0]["event"]["sampling_probability"], 0.01);
  EXPECT_EQ(events[0]["event"]["event"]["noise_multiplier"], 1.5);
  EXPECT_EQ(events[1]["class_name"], "MixtureOfGaussiansDpEvent");
  EXPECT_EQ(events[1]["sensitivities"].size(), 3u);
  EXPECT_NEAR(events[1]["sampling_probs"][1], 0.5, 1e-12);
  EXPECT_EQ(events[2]["class_name"], "RandomizedResponseDpEvent");
  EXPECT_NEAR(events[2]["noise_parameter"], 0.5, 1e-12);  // the other answer with probability 1/4
  EXPECT_EQ(events[3]["class_name"], "UnsupportedDpEvent");
  EXPECT_EQ(events[4]["class_name"], "NonPrivateDpEvent");
}

TEST(Calibrate, FindsTheFactorFromAbove) {
  int calls = 0;
  const auto cost = [&](double factor) {
    ++calls;
    return 1 / factor;
  };
  const double found = calibrate(0.01, 100, 3, cost);
  EXPECT_GE(found, 1.0 / 3);
  EXPECT_LE(found, 1.0 / 3 * (1 + 1e-6));
  EXPECT_LT(calls, 40);
  EXPECT_EQ(calibrate(1, 2, 5, cost), 1);
  EXPECT_EQ(calibrate(1, 2, 0.5, cost), 2);
  failure(ErrorKind::budget, [&] { calibrate(1, 2, 0.4, cost); });
  failure(ErrorKind::budget, [&] { calibrate(1, 2, 0.4, [](double) { return NAN; }); });
  failure(ErrorKind::internal, [&] { calibrate(2, 1, 0.4, cost); });
}

}  // namespace
}  // namespace understudy
