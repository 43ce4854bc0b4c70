#include <cmath>
#include <limits>

#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

template <class Kind>
struct Name {
  Kind value;
  std::string_view text;
};

constexpr Name<Neighbours> kNeighbours[] = {{Neighbours::add_remove, "add-remove"},
                                            {Neighbours::replace_one, "replace-one"},
                                            {Neighbours::zero_out, "zero-out"}};
constexpr Name<EventKind> kKinds[] = {{EventKind::gaussian, "gaussian"},
                                      {EventKind::discrete_gaussian, "discrete_gaussian"},
                                      {EventKind::laplace, "laplace"},
                                      {EventKind::discrete_laplace, "discrete_laplace"},
                                      {EventKind::randomised_response, "randomised_response"},
                                      {EventKind::pure, "pure"},
                                      {EventKind::bounded_range, "bounded_range"},
                                      {EventKind::no_guarantee, "no_guarantee"}};

template <class Kind, std::size_t n>
std::string_view name_of(const Name<Kind> (&names)[n], Kind value) {
  for (const auto& name : names) {
    if (name.value == value) return name.text;
  }
  fail(ErrorKind::internal, "{} is no value of this enumeration", static_cast<int>(value));
}

template <class Kind, std::size_t n>
Kind parse(const Name<Kind> (&names)[n], std::string_view text, ErrorKind error, std::string_view what) {
  std::vector<std::string_view> known;
  for (const auto& name : names) {
    if (name.text == text) return name.value;
    known.push_back(name.text);
  }
  fail(error, "there is no {} '{}'; there are {}", what, text, fmt::join(known, ", "));
}

bool is_positive(double value) { return std::isfinite(value) && value > 0; }

// Says which field of which event is outside its range.
class Checker {
 public:
  Checker(std::size_t number, const PrivacyEvent& event) : number_(number), event_(event) {}

  template <class Value>
  void require(bool holds, std::string_view field, const Value& value, std::string_view range) const {
    if (holds) return;
    fail(ErrorKind::internal, "event {} ('{}', {}): {} is {}; it must be {}", number_, event_.what,
         to_string(event_.kind), field, value, range);
  }

 private:
  std::size_t number_;
  const PrivacyEvent& event_;
};

void check_noise(const PrivacyEvent& event, const Checker& checker) {
  switch (event.kind) {
    case EventKind::gaussian:
    case EventKind::discrete_gaussian:
    case EventKind::laplace:
    case EventKind::discrete_laplace:
      checker.require(is_positive(event.sensitivity), "sensitivity", event.sensitivity, "finite and above 0");
      checker.require(is_positive(event.noise), "noise", event.noise, "finite and above 0");
      break;
    case EventKind::randomised_response:
      checker.require(event.choices >= 2, "choices", event.choices, "2 or more");
      [[fallthrough]];
    case EventKind::pure:
    case EventKind::bounded_range:
      checker.require(is_positive(event.epsilon), "epsilon", event.epsilon, "finite and above 0");
      break;
    case EventKind::no_guarantee:
      break;
  }
}

void check_event(const PrivacyEvent& event, Neighbours neighbours, const Checker& checker) {
  check_noise(event, checker);
  const bool gaussian = event.kind == EventKind::gaussian;
  checker.require(event.rate > 0 && event.rate <= 1, "rate", event.rate, "above 0 and at most 1");
  checker.require(event.rate == 1 || gaussian, "rate", event.rate, "1 for this kind");
  // With coins of its own for each record, replacing one is no shift of a sum with and without it.
  checker.require(event.rate == 1 || neighbours != Neighbours::replace_one, "rate", event.rate, "1 under replace-one");
  checker.require(event.records >= 1, "records", event.records, "1 or more");
  checker.require(event.records == 1 || gaussian, "records", event.records, "1 for this kind");
  checker.require(event.delta >= 0 && event.delta < 1, "delta", event.delta, "0 or more and below 1");
  checker.require(event.count >= 1, "count", event.count, "1 or more");
}

ordered_json to_json(const PrivacyEvent& event) {
  return {{"what", event.what},   {"kind", to_string(event.kind)}, {"sensitivity", event.sensitivity},
          {"noise", event.noise}, {"epsilon", event.epsilon},      {"choices", event.choices},
          {"rate", event.rate},   {"records", event.records},      {"delta", event.delta},
          {"count", event.count}};
}

std::string text_at(const ordered_json& json, const char* field) {
  const auto it = json.find(field);
  if (it == json.end() || !it->is_string()) fail(ErrorKind::input, "a plan's field '{}' must be text", field);
  return it->get<std::string>();
}

double number_at(const ordered_json& json, const char* field) {
  const auto it = json.find(field);
  if (it == json.end() || !it->is_number()) fail(ErrorKind::input, "a plan's field '{}' must be a number", field);
  return it->get<double>();
}

std::int64_t integer_at(const ordered_json& json, const char* field) {
  const auto it = json.find(field);
  const bool fits = it != json.end() && it->is_number_integer() &&
                    !(it->is_number_unsigned() && it->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max());
  if (!fits) fail(ErrorKind::input, "a plan's field '{}' must be a whole number", field);
  return it->get<std::int64_t>();
}

// A field that this version does not know could change what the event costs.
void require_fields(const ordered_json& json, const ordered_json& model, std::string_view what) {
  if (!json.is_object()) fail(ErrorKind::input, "{} must be an object", what);
  for (const auto& [field, value] : json.items()) {
    if (!model.contains(field)) fail(ErrorKind::input, "{} has an unknown field '{}'", what, field);
  }
}

PrivacyEvent event_from_json(const ordered_json& json) {
  require_fields(json, to_json(PrivacyEvent{}), "an event of a plan");
  return {.what = text_at(json, "what"),
          .kind = parse(kKinds, text_at(json, "kind"), ErrorKind::input, "kind of event"),
          .sensitivity = number_at(json, "sensitivity"),
          .noise = number_at(json, "noise"),
          .epsilon = number_at(json, "epsilon"),
          .choices = integer_at(json, "choices"),
          .rate = number_at(json, "rate"),
          .records = integer_at(json, "records"),
          .delta = number_at(json, "delta"),
          .count = integer_at(json, "count")};
}

}  // namespace

std::string_view to_string(Neighbours neighbours) { return name_of(kNeighbours, neighbours); }

Neighbours parse_neighbours(std::string_view text) {
  return parse(kNeighbours, text, ErrorKind::usage, "relation of neighbours");
}

std::string_view to_string(EventKind kind) { return name_of(kKinds, kind); }

void Plan::validate() const {
  if (unit != "person" && unit != "stay" && unit != "row") {
    fail(ErrorKind::internal, "plan '{}': unit is '{}'; it must be 'person', 'stay' or 'row'", purpose, unit);
  }
  for (std::size_t i = 0; i < events.size(); ++i) check_event(events[i], neighbours, Checker(i, events[i]));
}

ordered_json to_json(const Plan& plan) {
  ordered_json events = ordered_json::array();
  for (const PrivacyEvent& event : plan.events) events.push_back(to_json(event));
  return {
      {"purpose", plan.purpose}, {"unit", plan.unit}, {"neighbours", to_string(plan.neighbours)}, {"events", events}};
}

Plan plan_from_json(const ordered_json& json) {
  require_fields(json, to_json(Plan{}), "a plan");
  Plan plan{.purpose = text_at(json, "purpose"),
            .unit = text_at(json, "unit"),
            .neighbours = parse(kNeighbours, text_at(json, "neighbours"), ErrorKind::input, "relation of neighbours"),
            .events = {}};
  const auto events = json.find("events");
  if (events == json.end() || !events->is_array()) fail(ErrorKind::input, "a plan's field 'events' must be a list");
  for (const ordered_json& event : *events) plan.events.push_back(event_from_json(event));
  try {
    plan.validate();
  } catch (const Error& error) {
    fail(ErrorKind::input, "{}", error.what());
  }
  return plan;
}

}  // namespace understudy
