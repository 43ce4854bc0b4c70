// Writes the reports that the browser test opens: made-up numbers, nobody's data.
//   demo_report FOLDER      FOLDER/calm.html: a plausible wearable table; FOLDER/hostile.html: a hundred columns whose
//                           names try to be code, and every value that a report may lack
#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "understudy/report.h"

namespace {

using Json = nlohmann::ordered_json;
using understudy::Better;
using understudy::Finding;

// The share of a bell with this middle and width (in bins) that falls in each of `count` bins, plus a spike at bin 0.
std::vector<double> bell(int count, double middle, double width, double spike = 0, double ripple = 0) {
  std::vector<double> shares;
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const double z = (i + 0.5 - middle) / width;
    shares.push_back(std::exp(-z * z / 2) * (1 + ripple * std::sin(2.1 * i + middle)));
    sum += shares.back();
  }
  for (double& share : shares) share *= (1 - spike) / sum;
  shares[0] += spike;
  return shares;
}

Json numeric(const std::string& name, const std::string& unit, double top, double middle, double width, double spike) {
  std::vector<double> edges;
  for (int i = 0; i <= 30; ++i) edges.push_back(top * i / 30);
  return {{"column", name},
          {"kind", "numeric"},
          {"unit", unit},
          {"edges", edges},
          {"train", bell(30, middle, width, spike, 0.1)},
          {"holdout", bell(30, middle + 0.25, width, spike > 0 ? spike + 0.01 : 0, 0.05)},
          {"synthetic", bell(30, middle + 0.4, width * 1.08, spike * 0.9, -0.02)},
          {"missing", {{"train", 0.0}, {"holdout", 0.0}, {"synthetic", 0.0}}}};
}

Json categorical(const std::string& name, const std::vector<std::string>& labels) {
  const int count = static_cast<int>(labels.size());
  return {{"column", name},
          {"kind", "categorical"},
          {"unit", ""},
          {"labels", labels},
          {"train", bell(count, count / 2.0, count, 0, 0.2)},
          {"holdout", bell(count, count / 2.0 + 0.1, count, 0, 0.1)},
          {"synthetic", bell(count, count / 2.0 + 0.2, count, 0, 0.3)},
          {"missing", {{"train", 0.021}, {"holdout", 0.018}, {"synthetic", 0.024}}}};
}

// Correlations that fall off with the distance of columns; the synthetic ones are somewhat weaker.
Json correlations(const std::vector<std::string>& columns) {
  Json real = Json::array(), synthetic = Json::array(), difference = Json::array();
  const int count = static_cast<int>(columns.size());
  for (int i = 0; i < count; ++i) {
    std::vector<double> a, b, d;
    for (int j = 0; j < count; ++j) {
      a.push_back(i == j ? 1 : std::cos(0.9 * (i - j)) * std::exp(-0.22 * std::abs(i - j)));
      b.push_back(i == j ? 1 : a.back() * 0.86 + 0.05 * std::sin(3.0 * (i + j)));
      d.push_back(b.back() - a.back());
    }
    real.push_back(a);
    synthetic.push_back(b);
    difference.push_back(d);
  }
  return {{"columns", columns}, {"real", real}, {"synthetic", synthetic}, {"difference", difference}};
}

Json finding(const std::string& name, std::vector<std::string> columns, std::array<double, 4> numbers, Better better,
             const std::string& meaning) {
  return understudy::to_json(Finding{.name = name,
                                     .columns = std::move(columns),
                                     .value = numbers[0],
                                     .low = numbers[1],
                                     .high = numbers[2],
                                     .reference = numbers[3],
                                     .better = better,
                                     .meaning = meaning});
}

Json headline_findings() {
  return {finding("ks_mean", {}, {0.108, 0.101, 0.116, 0.113}, Better::lower,
                  "Mean distance between the synthetic and the held-out distribution of each number column."),
          finding("correlation_difference", {}, {0.121, 0.111, 0.132, 0.117}, Better::lower,
                  "Mean absolute difference of the pairwise correlations to those of the held-out people."),
          finding("discriminator_auc", {}, {0.683, 0.651, 0.714, 0.512}, Better::lower,
                  "How well a classifier tells synthetic rows from real ones; 0.5 is a coin toss."),
          finding("near_copies", {}, {0.0041, 0.0022, 0.0069, 0.0046}, Better::lower,
                  "Share of synthetic rows that stand closer to a training row than real people stand to each other."),
          finding("rule_violations", {}, {0, NAN, NAN, 0}, Better::lower,
                  "Share of synthetic rows that break a rule of the schema.")};
}

// Everything but the columns and the findings.
constexpr const char* kFrame = R"({
  "format": "understudy-report", "version": 1,
  "run": {"name": "steps and sleep, spring", "generator": "gan", "mode": "plain",
    "options": {"objective": "wgan-gp", "epochs": 400, "batch": 128, "hidden": [128, 128], "learning_rate": 0.0002},
    "seed": 7, "understudy_version": "0.1.0", "private": false, "stamp": "NOT PRIVATE",
    "command": "understudy run examples/wearable.toml --out out/spring --seed 7",
    "seconds": {"read": 0.41, "train": 96.2, "sample": 0.18, "evaluate": 11.9},
    "sources": ["Made-up numbers from the report's demonstration; no person's data."]},
  "data": {"schema": "wearable.toml", "unit": "person",
    "subjects": {"total": 412, "train": 206, "holdout": 206, "synthetic": 206},
    "rows": {"train": 12480, "holdout": 12391, "synthetic": 12480},
    "columns": [],
    "problems": [{"file": "days.csv", "column": "steps", "what": "value above the public maximum, cut to it",
      "count": 3, "lines": [812, 4410, 40001]}]},
  "privacy": {"guarantee": null, "reason": "comparison with the published system", "unit": "person",
    "epsilon": "infinite", "delta": 0,
    "events": [
      {"kind": "load", "part": "all", "purpose": "read and split by person", "side": "inside", "epsilon": 0,
        "when": "2024-05-02T09:14:07Z"},
      {"kind": "declassify", "part": "train", "purpose": "comparison with the published system", "side": "outside",
        "epsilon": "infinite", "when": "2024-05-02T09:14:08Z"},
      {"kind": "look", "part": "holdout", "purpose": "metrics of the report", "side": "inside", "epsilon": 0,
        "when": "2024-05-02T09:15:46Z"}],
    "plain": ["The training people's records were used without any noise, for the reason given below.",
      "Nobody can say how much of one person the synthetic rows give away.",
      "The held-out people's records were read once, to measure. Nothing learned from them went into the generator."]},
  "fidelity": {"findings": [], "charts": {"distributions": [], "correlations": {}}},
  "utility": {"findings": []}, "fairness": {"findings": []},
  "audit": {"findings": [], "note": "No attack was run on this data set yet, so nothing is claimed about memorising."},
  "verdict": {"decision": "not private",
    "summary": "The rows look much like the real ones, but nothing limits what they give away about a single person.",
    "reasons": ["Training read the records without noise.",
      "A classifier still tells synthetic rows from real ones (0.68 where real data scores 0.51)."],
    "headline": ["ks_mean", "correlation_difference", "discriminator_auc", "near_copies", "rule_violations"]}})";

Json frame() {
  Json report = Json::parse(kFrame);
  report["fidelity"]["findings"] = headline_findings();
  report["utility"]["findings"].push_back(
      finding("train_synthetic_test_real_auc", {"active_day"}, {0.842, 0.826, 0.857, 0.861}, Better::higher,
              "A classifier trained on synthetic rows, tested on held-out people."));
  report["fairness"]["findings"].push_back(finding("worst_group_gap", {"sex"}, {0.031, 0.012, 0.052, 0.027},
                                                   Better::lower, "Largest difference of that score between groups."));
  return report;
}

void add_column(Json& report, const Json& chart, const Json& type, const Json& range, bool is_public) {
  report["data"]["columns"].push_back({{"name", chart["column"]},
                                       {"type", type},
                                       {"unit", chart["unit"]},
                                       {"role", ""},
                                       {"range", range},
                                       {"public", is_public}});
  report["fidelity"]["charts"]["distributions"].push_back(chart);
  report["fidelity"]["findings"].push_back(
      finding(type == "category" ? "TVComplement" : "KSComplement", {chart["column"].get<std::string>()},
              {0.89, 0.87, 0.91, 0.9}, Better::higher, "1 minus the distance of this column's distributions."));
}

Json calm() {
  Json report = frame();
  struct Measure {
    const char* name;
    const char* unit;
    double top, middle, width, spike;
  };
  const Measure measures[] = {{"steps", "", 40000, 6.5, 4, 0.06},
                              {"distance", "km", 28, 6.2, 4.1, 0.06},
                              {"very_active", "min", 240, 1.5, 4, 0.41},
                              {"fairly_active", "min", 150, 2, 3.4, 0.36},
                              {"lightly_active", "min", 600, 10.5, 5, 0.05},
                              {"sedentary", "min", 1440, 19, 4.5, 0},
                              {"calories", "kcal", 5000, 13.5, 3.6, 0},
                              {"asleep", "min", 900, 14, 3.2, 0},
                              {"resting_rate", "/min", 120, 15.5, 2.4, 0}};
  for (const Measure& m : measures) {
    add_column(report, numeric(m.name, m.unit, m.top, m.middle, m.width, m.spike), "integer", {0, m.top}, true);
  }
  add_column(report, categorical("weekday", {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}), "category",
             {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, true);
  add_column(report, categorical("sex", {"female", "male"}), "category", {"female", "male"}, true);
  add_column(report, numeric("age", "years", 90, 13, 5, 0), "integer", {18, 90}, false);
  report["fidelity"]["charts"]["correlations"] =
      correlations({"steps", "distance", "very_active", "fairly_active", "lightly_active", "sedentary", "calories",
                    "asleep", "resting_rate", "weekday", "sex", "age"});
  return report;
}

constexpr const char* kEvil[] = {
    "</script><img src=x onerror=alert(1)>",
    "<svg onload=alert(2)>",
    "datum['x'] || alert(3)",
    "a.b[0]\\'\"",
    "javascript:alert(4)",
    "{{script}}",
    "\u2028line\u2029",
    "<!--<script>",
    "broken \xff\xfe bytes",
    "a_name_so_long_that_it_can_not_possibly_stand_on_one_line_of_a_telephone_and_has_no_space_to_break_at_all"};

// A column's course over a day, with hours in which nobody has a value.
Json course(const std::string& column) {
  Json chart = {{"column", column}, {"unit", kEvil[0]}, {"time", kEvil[2]}, {"time_unit", kEvil[1]}, {"at", Json::array()}};
  for (const char* who : {"train", "holdout", "synthetic"}) {
    for (int hour = 0; hour < 24; ++hour) {
      const bool there = hour != 7;
      chart[who]["low"].push_back(there ? Json(50 + hour) : Json(nullptr));
      chart[who]["middle"].push_back(there ? Json(60 + hour) : Json(nullptr));
      chart[who]["high"].push_back(there ? Json(75 + hour) : Json(nullptr));
      chart[who]["measured"].push_back(there ? 0.5 : 0.0);
    }
  }
  for (int hour = 0; hour < 24; ++hour) chart["at"].push_back(hour);
  return chart;
}

Json hostile() {
  Json report = frame();
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) {
    const std::string name = i < 10 ? kEvil[i] : "lab_value_" + std::to_string(i);
    names.push_back(name);
    if (i % 3 == 2) {
      add_column(report, categorical(name, {kEvil[0], kEvil[1], kEvil[9], "", "é ü 漢", "6", "7", "8", "9", "10"}),
                 "category", kEvil[1], true);
    } else {
      add_column(report, numeric(name, kEvil[0], 100.0 * (i + 1), 12 + i % 9, 4, 0.01 * i), i % 2 ? "real" : "integer",
                 nullptr, false);
    }
  }
  Json& charts = report["fidelity"]["charts"];
  charts["distributions"][10]["holdout"] = nullptr;
  charts["distributions"][12]["edges"] = {0.0};  // a column without a value
  charts["distributions"][13]["train"][4] = nullptr;
  charts["distributions"][15]["edges"][30] = 9000;  // unequal bins
  for (int i = 0; i <= 30; ++i) charts["distributions"][16]["edges"][i] = 19000 + i;
  report["data"]["columns"][16]["type"] = "date";
  charts["series"] = {course(names[0]), course(names[1])};
  charts["correlations"] = correlations(names);
  charts["correlations"]["real"][3][4] = nullptr;
  charts["correlations"]["difference"][3][4] = nullptr;
  for (const char* evil : kEvil) {
    report["fidelity"]["findings"].push_back(finding(evil, {evil, evil}, {NAN, NAN, NAN, NAN}, Better::neither, evil));
    report["verdict"]["reasons"].push_back(evil);
    report["verdict"]["headline"].push_back(evil);
    report["privacy"]["plain"].push_back(evil);
    report["privacy"]["events"].push_back(
        {{"kind", evil}, {"part", evil}, {"purpose", evil}, {"side", evil}, {"epsilon", nullptr}, {"when", evil}});
    report["run"]["options"][evil] = evil;
    report["run"]["sources"].push_back(evil);
  }
  report["run"]["name"] = report["verdict"]["summary"] = report["run"]["generator"] = kEvil[0];
  report["run"]["command"] = std::string(400, 'x');
  report["privacy"]["guarantee"] = {{"statement", kEvil[0]}, {"mechanism", kEvil[1]}};
  return report;
}

bool write(const std::string& path, const Json& report) {
  std::ofstream file(path, std::ios::binary);
  file << understudy::to_html(report);
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: demo_report FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1];
  return write(folder + "/calm.html", calm()) && write(folder + "/hostile.html", hostile()) ? 0 : 1;
}
