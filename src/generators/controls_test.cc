// The two simplest generators, independent and memoriser, and what they share: shards, model_file, networks, registry.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <set>

#include "generators/independent.h"
#include "generators/memoriser.h"
#include "generators/model_file.h"
#include "generators/networks.h"
#include "generators/shards.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// One row a person: x uniform on a coarse grid, y = x, group by x, and a key-like text.
Cohort table_cohort(std::int64_t subjects) {
  Schema schema;
  schema.name = "table";
  schema.subject = "who";
  ColumnSpec x;
  x.name = "x";
  x.minimum = 0;
  x.maximum = 100;
  ColumnSpec y = x;
  y.name = "y";
  ColumnSpec group;
  group.name = "group";
  group.type = ColumnType::category;
  group.categories = {"low", "high", "never"};
  ColumnSpec note;
  note.name = "note";
  note.type = ColumnType::text;
  schema.columns = {x, y, group, note};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  Rng rng(51);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back("secret" + std::to_string(s));
    const double value = 10.0 * static_cast<double>(rng.below(10)) + 1;
    cohort.statics.column(0).set_number(s, value);
    if (!rng.bernoulli(0.25)) cohort.statics.column(1).set_number(s, value);
    cohort.statics.column(2).set_number(s, value > 50 ? 1 : 0);
    cohort.statics.column(3).set_string(s, "text of " + std::to_string(s));
  }
  return cohort;
}

ModelPtr fit(const Generator& generator, Cohort cohort, const Options& options) {
  const std::string path = ::testing::TempDir() + "controls_ledger." + std::to_string(getpid());
  unlink(path.c_str());
  Ledger ledger(path);
  const Vault vault(std::move(cohort), ledger);
  Fitted fitted = generator.fit(vault, options, {}, {});
  unlink(path.c_str());
  return std::get<Inside<ModelPtr>>(fitted).value();
}

TEST(Independent, KeepsMarginalsAndBreaksLinks) {
  const ModelPtr model = fit(*make_independent(), table_cohort(5000), Options({}));
  const Cohort drawn = model->sample({5000, {}}, {});
  double missing = 0, both = 0, equal = 0;
  std::set<double> values;
  for (std::int64_t s = 0; s < 5000; ++s) {
    const Column& y = drawn.statics.column(1);
    values.insert(std::round(drawn.statics.column(0).number(s)));
    missing += y.is_valid(s) ? 0 : 1;
    if (!y.is_valid(s)) continue;
    both += 1;
    equal += std::abs(y.number(s) - drawn.statics.column(0).number(s)) < 1 ? 1 : 0;
  }
  // Six standard errors of a share over 5,000 people are below 0.043: false alarms below 1e-8.
  EXPECT_NEAR(missing / 5000, 0.25, 0.043);
  EXPECT_NEAR(equal / both, 0.1, 0.043);
  EXPECT_EQ(values.size(), 10U);
  EXPECT_EQ(drawn.statics.column(3).validity().count(), 0);
}

TEST(Independent, AConditionFixesTheValue) {
  const ModelPtr model = fit(*make_independent(), table_cohort(500), Options({}));
  const Cohort drawn = model->sample({100, {{"group", "never"}, {"x", "12.5"}}}, {});
  for (std::int64_t s = 0; s < 100; ++s) {
    ASSERT_EQ(drawn.statics.column(2).number(s), 2);
    ASSERT_EQ(drawn.statics.column(0).number(s), 12.5);
  }
}

TEST(Memoriser, WithoutNoiseItReturnsTrainingPeople) {
  const Cohort train = table_cohort(300);
  Options options(kMemoriserOptions);
  options.set("noise", "0");
  const ModelPtr model = fit(*make_memoriser(), train, options);
  const Cohort drawn = model->sample({1000, {}}, {});
  for (std::int64_t s = 0; s < drawn.size(); ++s) {
    ASSERT_EQ(std::fmod(drawn.statics.column(0).number(s), 10), 1);
    if (drawn.statics.column(1).is_valid(s)) {
      ASSERT_EQ(drawn.statics.column(1).number(s), drawn.statics.column(0).number(s));
    }
    ASSERT_EQ(drawn.subjects[static_cast<std::size_t>(s)], std::to_string(s + 1));
  }
}

TEST(Memoriser, NoiseIsAShareOfTheRange) {
  Options options(kMemoriserOptions);
  options.set("noise", "0.001");
  const ModelPtr model = fit(*make_memoriser(), table_cohort(300), options);
  const Cohort drawn = model->sample({5000, {}}, {});
  double squares = 0;
  for (const double x : drawn.statics.column(0).numbers()) squares += std::pow(std::remainder(x - 1, 10), 2) / 5000;
  EXPECT_NEAR(std::sqrt(squares), 0.1, 0.006);  // six standard errors of a deviation over 5,000 draws: 2e-9
}

TEST(Memoriser, AConditionDrawsFromThoseWhoMeetIt) {
  const ModelPtr model = fit(*make_memoriser(), table_cohort(300), Options(kMemoriserOptions));
  const Cohort drawn = model->sample({200, {{"group", "high"}}}, {});
  for (const double x : drawn.statics.column(0).numbers()) ASSERT_GT(x, 50);
  EXPECT_EQ(kind_of([&] { model->sample({10, {{"group", "never"}}}, {}); }), ErrorKind::usage);
}

TEST(Memoriser, DamagedFilesAreRefused) {
  const ModelPtr model = fit(*make_memoriser(), table_cohort(30), Options(kMemoriserOptions));
  TensorFile file = model->save();
  file.metadata["subjects"] = 31;
  EXPECT_EQ(kind_of([&] { make_memoriser()->load(file); }), ErrorKind::input);
  file = model->save();
  file.metadata["noise"] = "loud";
  EXPECT_EQ(kind_of([&] { make_memoriser()->load(file); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { make_independent()->load(model->save()); }), ErrorKind::input);
}

TEST(Shards, CoverEveryRowOnceAndReportProgress) {
  std::vector<int> seen(10000, 0);
  std::int64_t last_done = 0;
  Context context;
  context.threads = 2;
  context.progress = [&](const Progress& progress) { last_done = progress.done; };
  for_each_shard(10000, context, [&](std::int64_t, std::int64_t first, std::int64_t last) {
    EXPECT_EQ(first % 64, 0);
    for (std::int64_t row = first; row < last; ++row) ++seen[static_cast<std::size_t>(row)];
  });
  EXPECT_EQ(seen, std::vector<int>(10000, 1));
  EXPECT_EQ(last_done, 10000);
  const std::atomic<bool> stop{true};
  context.cancelled = &stop;
  EXPECT_EQ(kind_of([&] { for_each_shard(10, context, [](auto, auto, auto) {}); }), ErrorKind::cancelled);
  EXPECT_EQ(kind_of([] { check_subjects(0); }), ErrorKind::usage);
}

TEST(ModelFile, ChecksItsMetadata) {
  const Schema schema = table_cohort(1).schema;
  TensorFile file = begin_model_file("independent", schema);
  EXPECT_EQ(to_toml(check_model_file(file, "independent")), to_toml(schema));
  EXPECT_EQ(kind_of([&] { check_model_file(file, "gan"); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { metadata_entry(file, "statics"); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { marginals_from_json(nlohmann::json::array(), schema.columns); }), ErrorKind::input);
  file.metadata["version"] = 99;
  EXPECT_EQ(kind_of([&] { check_model_file(file, "independent"); }), ErrorKind::input);
}

TEST(Registry, NamesWhatItKnows) {
  try {
    find_generator("oracle");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("gaussian-copula"), std::string::npos);
  }
  const std::string path = ::testing::TempDir() + "no_model." + std::to_string(getpid());
  TensorFile file;
  file.metadata["generator"] = "oracle";
  write_tensor_file(file, path);
  EXPECT_EQ(kind_of([&] { load_model(path); }), ErrorKind::input);
  unlink(path.c_str());
}

TEST(Networks, AMissingSymbolIsSaid) {
  try {
    open_network_generator("understudy_make_oracle");
    ADD_FAILURE();
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_TRUE(error.kind() == ErrorKind::usage || error.kind() == ErrorKind::internal);
    EXPECT_NE(text.find("libunderstudy_networks.so"), std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
