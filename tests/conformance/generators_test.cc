// One suite over the registry: what a generator must do to stand in it. A generator that cannot be made in this build
// (no networks) is skipped.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "testing/toy.h"
#include "understudy/error.h"
#include "understudy/generator.h"

namespace understudy {
namespace {

using testing::toy_days;
using testing::toy_table;
using testing::with_all_missing;
using testing::with_constant;

// Settings that make a training take a second or less; generators that are not listed are quick as they are. What they
// switch off (`calibrate`) is left on where it matters.
using Settings = std::map<std::string, std::string>;
const std::map<std::string, Settings, std::less<>> kQuick = {
    {"understudy", {{"epochs", "1"}, {"series_epochs", "1"}, {"least_steps", "12"}, {"hidden", "16"}}},
    {"kovae", {{"epochs", "1"}, {"least_steps", "12"}, {"hidden", "8"}, {"latent", "4"}}},
    {"halo", {{"epochs", "1"}, {"least_steps", "12"}, {"layers", "1"}, {"heads", "2"}, {"width", "16"}}},
    {"diffusion-ts", {{"steps", "8"}, {"batch", "32"}, {"width", "8"}, {"heads", "2"}, {"noise_steps", "20"}, {"sampling_steps", "3"}}},
    {"timegan", {{"iterations", "6"}, {"batch", "32"}, {"hidden", "6"}, {"layers", "1"}}},
    {"augmented-timegan", {{"iterations", "6"}, {"batch", "32"}, {"hidden", "6"}, {"layers", "2"}, {"cell", "lstm"}}},
    {"gan", {{"steps", "12"}, {"batch", "128"}, {"hidden", "16"}, {"latent", "4"}, {"calibrate", "none"}}}};
const std::map<std::string, Settings, std::less<>> kWhole = {{"understudy", {{"least_steps", "200"}}}, {"halo", {{"least_steps", "200"}}}, {"gan", {{"calibrate", "marginals"}}}};

std::string temporary(const std::string& name) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string path = name + "." + test->name() + "." + std::to_string(getpid());
  std::replace(path.begin(), path.end(), '/', '_');
  return ::testing::TempDir() + path;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Context context_of(std::uint64_t seed, int threads = 1) {
  Context context;
  context.seed = seed;
  context.threads = threads;
  return context;
}

class Conformance : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    entry_ = &find_generator(GetParam());
    ledger_path_ = temporary("ledger");
    model_path_ = temporary("model");
    unlink(ledger_path_.c_str());
    ledger_.emplace(ledger_path_);
#ifndef UNDERSTUDY_NETWORKS
    const std::set<std::string> networks = {"augmented-timegan", "diffusion-ts", "gan", "halo", "kovae", "timegan", "understudy"};
    if (networks.contains(GetParam())) GTEST_SKIP() << "this build has no networks";
#endif
    generator_ = entry_->make();
  }
  void TearDown() override {
    unlink(ledger_path_.c_str());
    unlink(model_path_.c_str());
  }

  Fitted fit(const Vault& vault, int threads = 1) const {
    Options options(entry_->options);
    for (const auto* settings : {&kQuick, &extra_}) {
      const auto it = settings->find(GetParam());
      if (it == settings->end()) continue;
      for (const auto& [name, value] : it->second) options.set(name, value);
    }
    return generator_->fit(vault, options, context_of(3, threads), {});
  }

  ModelPtr train(const Cohort& cohort, int threads = 1) {
    const Fitted fitted = fit(Vault(cohort, *ledger_), threads);
    return std::visit([](const auto& side) { return side.value(); }, fitted);
  }

  std::string file_of(const Model& model) const {
    write_tensor_file(model.save(), model_path_);
    return bytes_of(model_path_);
  }

  std::map<std::string, Settings, std::less<>> extra_;  // on top of kQuick
  const GeneratorEntry* entry_ = nullptr;
  std::unique_ptr<Generator> generator_;
  std::string ledger_path_, model_path_;
  std::optional<Ledger> ledger_;
};

void expect_codes_fit(const ColumnSpec& spec, const Column& column) {
  for (std::int64_t row = 0; row < column.size(); ++row) {
    ASSERT_TRUE(column.is_valid(row)) << spec.name;
    ASSERT_LE(static_cast<std::int64_t>(column.codes(row).size()), *spec.max_codes) << spec.name;
    for (const std::int32_t code : column.codes(row)) {
      ASSERT_GE(code, 0) << spec.name;
      ASSERT_LT(code, static_cast<std::int32_t>(spec.categories.size())) << spec.name;
    }
  }
}

void expect_values_fit(const ColumnSpec& spec, const Column& column) {
  ASSERT_EQ(column.type(), spec.type);
  if (spec.type == ColumnType::id || spec.type == ColumnType::text) return;
  if (is_set(spec.type)) return expect_codes_fit(spec, column);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) {
      ASSERT_TRUE(spec.nullable) << spec.name;
      continue;
    }
    const double x = column.number(row);
    ASSERT_TRUE(std::isfinite(x)) << spec.name;
    ASSERT_GE(x, is_categorical(spec.type) ? 0 : spec.minimum.value_or(x)) << spec.name;
    ASSERT_LE(x, is_categorical(spec.type) ? static_cast<double>(spec.categories.size()) - 1 : spec.maximum.value_or(x))
        << spec.name;
  }
}

void expect_shape(const Cohort& cohort, std::int64_t subjects) {
  ASSERT_EQ(cohort.size(), subjects);
  ASSERT_EQ(cohort.statics.rows(), subjects);
  const std::set<std::string> keys(cohort.subjects.begin(), cohort.subjects.end());
  EXPECT_EQ(keys.size(), cohort.subjects.size());
  for (const std::string& key : keys) EXPECT_EQ(key.find(testing::kKeyPrefix), std::string::npos);
  if (!cohort.schema.has_series()) return;
  ASSERT_EQ(static_cast<std::int64_t>(cohort.offsets.size()), subjects + 1);
  ASSERT_EQ(cohort.offsets.back(), cohort.series.rows());
  if (cohort.schema.time.empty()) return;
  ASSERT_EQ(cohort.times.size(), cohort.series.rows());
  for (std::size_t s = 0; s < cohort.subjects.size(); ++s) {
    for (std::int64_t row = cohort.offsets[s] + 1; row < cohort.offsets[s + 1]; ++row) {
      ASSERT_GE(cohort.times.number(row), cohort.times.number(row - 1));
    }
  }
}

void expect_keeps(const Cohort& cohort, const Schema& schema, std::int64_t subjects) {
  EXPECT_EQ(to_toml(cohort.schema), to_toml(schema));
  expect_shape(cohort, subjects);
  for (const ColumnSpec& spec : schema.statics()) expect_values_fit(spec, cohort.statics.column(spec.name));
  for (const ColumnSpec& spec : schema.series()) expect_values_fit(spec, cohort.series.column(spec.name));
  for (const std::int64_t count : constraint_violations(cohort)) EXPECT_EQ(count, 0);
}

TEST_P(Conformance, KeepsTheSchema) {
  for (const Cohort& cohort : {toy_days(40, 7), toy_table(150)}) {
    const ModelPtr model = train(cohort);
    EXPECT_EQ(to_toml(model->schema()), to_toml(cohort.schema));
    expect_keeps(model->sample({60, {}}, context_of(4)), cohort.schema, 60);
  }
}

TEST_P(Conformance, SaveLoadSampleGivesTheSame) {
  for (const Cohort& cohort : {toy_days(30, 5), toy_table(80)}) {
    const ModelPtr model = train(cohort);
    const std::string before = file_of(*model);
    const ModelPtr back = load_model(model_path_);
    EXPECT_EQ(to_toml(back->schema()), to_toml(cohort.schema));
    EXPECT_EQ(back->sample({50, {}}, context_of(5)), model->sample({50, {}}, context_of(5)));
    EXPECT_EQ(file_of(*back), before);
  }
}

TEST_P(Conformance, TheSameSeedGivesTheSameBytesWithAnyThreads) {
  extra_ = kWhole;
  const Cohort cohort = toy_days(60, 7);
  const ModelPtr one = train(cohort, 1);
  const ModelPtr two = train(cohort, 2);
  EXPECT_TRUE(file_of(*one) == file_of(*two));
  const Cohort drawn = one->sample({1500, {}}, context_of(6, 1));
  EXPECT_EQ(drawn, one->sample({1500, {}}, context_of(6, 2)));
  EXPECT_FALSE(drawn == one->sample({1500, {}}, context_of(7, 1)));
}

TEST_P(Conformance, HardColumnsAreHandled) {
  for (const Cohort& cohort : {with_constant(toy_days(30, 5), "steps"), with_constant(toy_days(30, 5), "load"),
                               with_constant(toy_table(50), "age"), with_all_missing(toy_days(30, 5), "active"),
                               with_all_missing(toy_days(30, 5), "mood"), with_all_missing(toy_table(50), "load"),
                               with_all_missing(toy_table(50), "sex"), with_all_missing(toy_days(30, 5), "found"),
                               with_all_missing(toy_table(50), "history")}) {
    expect_keeps(train(cohort)->sample({20, {}}, context_of(8)), cohort.schema, 20);
  }
}

TEST_P(Conformance, WhatIsNeverThereStaysMissing) {
  extra_ = kWhole;
  const Cohort cohort = with_all_missing(with_all_missing(with_all_missing(toy_days(30, 5), "active"), "mood"), "sex");
  const Cohort drawn = train(cohort)->sample({20, {}}, context_of(8));
  EXPECT_EQ(drawn.series.column("active").validity().count(), 0);
  EXPECT_EQ(drawn.series.column("mood").validity().count(), 0);
  EXPECT_EQ(drawn.statics.column("sex").validity().count(), 0);
  EXPECT_GT(drawn.series.column("steps").validity().count(), 0);
}

// Share of the column's cells that hold the code.
double share_of(const Column& column, std::int32_t code) {
  double count = 0;
  for (std::int64_t row = 0; row < column.size(); ++row) {
    count += static_cast<double>(std::count(column.codes(row).begin(), column.codes(row).end(), code));
  }
  return count / static_cast<double>(column.size());
}

// A code that nobody has never comes up, the others do about as often as they were seen: 2,400 people of 7 days each.
// Shares to 0.06, 12 standard errors of a drawn share (a false alarm below 1e-30); the rest is for what thinning to
// max_codes takes away.
TEST_P(Conformance, CodesComeWithTheirShares) {
  extra_ = kWhole;
  const Cohort cohort = toy_days(300, 7);
  const Cohort drawn = train(cohort)->sample({2400, {}}, context_of(13));
  for (std::int32_t code = 0; code < 4; ++code) {
    const double seen = share_of(cohort.series.column("found"), code);
    EXPECT_NEAR(share_of(drawn.series.column("found"), code), seen, code < 3 ? 0.06 : 0) << code;
  }
  for (std::int32_t code = 0; code < 2; ++code) {
    const double seen = share_of(cohort.statics.column("history"), code);
    EXPECT_NEAR(share_of(drawn.statics.column("history"), code), seen, 0.06) << code;
  }
}

// Handled, or refused with the kind for data that cannot be learnt from.
TEST_P(Conformance, FewSubjectsAreHandledOrRefused) {
  for (const Cohort& cohort : {toy_days(1, 9), toy_days(1, 1), toy_days(5, 0), toy_table(1), toy_table(2)}) {
    try {
      expect_keeps(train(cohort)->sample({3, {}}, context_of(9)), cohort.schema, 3);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
    }
  }
}

TEST_P(Conformance, NobodyIsRefused) {
  for (const Cohort& cohort : {toy_days(0, 0), toy_table(0)}) {
    try {
      train(cohort);
      ADD_FAILURE() << "it learnt from nobody";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
    }
  }
}

TEST_P(Conformance, EveryLookIsInTheLedgerAndLeavingCosts) {
  const Vault vault(toy_table(60), *ledger_, "train");
  const auto before = ledger_->events();
  Fitted fitted = fit(vault);
  const auto after = ledger_->events();
  ASSERT_GT(after.size(), before.size());
  EXPECT_NE(after.back().purpose.find(GetParam()), std::string::npos);
  EXPECT_EQ(after.back().part, "train");
  EXPECT_EQ(epsilon_spent(after), 0);
  auto* inside = std::get_if<Inside<ModelPtr>>(&fitted);
  ASSERT_NE(inside, nullptr);
  vault.declassify(std::move(*inside), "made-up data");
  EXPECT_TRUE(std::isinf(epsilon_spent(ledger_->events())));
}

TEST_P(Conformance, ConditionsHoldOrAreRefused) {
  const Cohort cohort = toy_days(80, 4);
  const ModelPtr model = train(cohort);
  const Cohort drawn = model->sample({25, {{"sex", "male"}}}, context_of(10));
  expect_keeps(drawn, cohort.schema, 25);
  for (std::int64_t s = 0; s < 25; ++s) EXPECT_EQ(drawn.statics.column("sex").number(s), 1);
  using Condition = std::map<std::string, std::string>;
  for (const Condition& wrong : {Condition{{"sex", "walrus"}}, Condition{{"height", "3"}}, Condition{{"steps", "100"}},
                                 Condition{{"age", "old"}}, Condition{{"age", "1000"}}, Condition{{"note", "x"}},
                                 Condition{{"history", "stroke"}}}) {
    try {
      model->sample({5, wrong}, context_of(10));
      ADD_FAILURE() << wrong.begin()->first;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
    }
  }
  EXPECT_THROW(model->sample({0, {}}, context_of(10)), Error);
}

template <class T>
bool holds(const std::string& bytes, T value) {
  std::string form(sizeof value, '\0');
  std::memcpy(form.data(), &value, sizeof value);
  return bytes.find(form) != std::string::npos;
}

// A number that one record holds, a text and a key: none may be in the file, in any form, unless the generator says
// that it keeps records. Then the number must be there, which shows that the search finds it.
TEST_P(Conformance, TheFileHoldsNoRecordUnlessItSaysSo) {
  for (const Cohort& cohort : {toy_days(60, 7), toy_table(300)}) {
    const std::string bytes = file_of(*train(cohort));
    const bool number = bytes.find("48213.25") != std::string::npos || holds(bytes, testing::kSentinelNumber) ||
                        holds(bytes, static_cast<float>(testing::kSentinelNumber));
    EXPECT_EQ(number, entry_->keeps_records);
    EXPECT_EQ(bytes.find(testing::kSentinelText), std::string::npos);
    EXPECT_EQ(bytes.find(testing::kKeyPrefix), std::string::npos);
  }
}

TEST_P(Conformance, DamagedFilesAreRefused) {
  const ModelPtr model = train(toy_days(20, 5));
  const std::string bytes = file_of(*model);
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(model_path_, std::ios::binary | std::ios::trunc) << bytes.substr(0, length);
    try {
      load_model(model_path_);
      ADD_FAILURE() << length << " of " << bytes.size() << " bytes were read";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
      EXPECT_NE(std::string(error.what()).find(model_path_), std::string::npos);
    }
  }
}

// Whole files, but each with one entry gone.
TEST_P(Conformance, FilesThatLackAPartAreRefused) {
  const TensorFile whole = train(toy_days(20, 5))->save();
  const auto load = [&](const TensorFile& file, const std::string& lacks) {
    try {
      generator_->load(file)->sample({2, {}}, context_of(11));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << lacks << ": " << error.what();
      return;
    }
    EXPECT_TRUE(lacks == "private" || lacks == "mode") << "loaded without " << lacks;
  };
  for (const auto& [name, value] : whole.metadata.items()) {
    TensorFile file = whole;
    file.metadata.erase(name);
    load(file, name);
  }
  for (const auto& [name, tensor] : whole.tensors) {
    TensorFile file = whole;
    file.tensors.erase(name);
    load(file, name);
  }
}

TEST_P(Conformance, StopsWhenAsked) {
  const std::atomic<bool> stop{true};
  Context context = context_of(12);
  context.cancelled = &stop;
  try {
    generator_->fit(Vault(toy_days(20, 5), *ledger_), Options(entry_->options), context, {});
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled) << error.what();
  }
}

// The row of docs/generators.md: | `name` | summary | keeps records | can be private | options |
TEST_P(Conformance, HasItsRowInTheManual) {
  std::ifstream page(UNDERSTUDY_DOCS "/generators.md");
  std::string options;
  for (const OptionSpec& spec : entry_->options)
    options += fmt::format("{}`{}`", options.empty() ? "" : ", ", spec.name);
  const std::string row = fmt::format("| `{}` | {} | {} | {} | {} |", entry_->name, entry_->summary,
                                      entry_->keeps_records ? "yes" : "no", entry_->can_be_private ? "yes" : "no", options.empty() ? "none" : options);
  std::string line;
  while (std::getline(page, line)) {
    if (line == row) return;
  }
  ADD_FAILURE() << "docs/generators.md lacks the row\n" << row;
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const GeneratorEntry& entry : generators()) result.emplace_back(entry.name);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Generators, Conformance, ::testing::ValuesIn(names()), [](const auto& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace understudy
