#include "encode/event_tokens.h"

#include <gtest/gtest.h>

#include "encode/timeline.h"
#include "testing/kind_of.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

struct Setting {
  Cohort cohort;
  Timeline timeline;
  std::vector<Marginal> marginals;
};

Setting setting() {
  Context context;
  context.seed = 3;
  Setting result{find_simulator("wearable").simulate(60, context, 0), {}, {}};
  result.timeline = learn_timeline(result.cohort);
  const auto specs = result.cohort.schema.series();
  for (std::size_t c = 0; c < specs.size(); ++c) result.marginals.push_back(learn_marginal(specs[c], result.cohort.series.column(c)));
  return result;
}

TEST(EventTokens, KeepRowsMissingValuesAndBins) {
  const Setting s = setting();
  const EventTokens words(s.cohort.schema, s.marginals, s.timeline.gap, 16);
  Rng rng(1);
  for (std::int64_t subject = 0; subject < s.cohort.size(); ++subject) {
    const std::int64_t first = s.cohort.offsets[static_cast<std::size_t>(subject)];
    const double origin = s.cohort.times.number(first) - 1;
    const auto tokens = words.encode(s.cohort, subject, origin);
    Column times(s.cohort.times.type());
    Table series(s.cohort.schema.series());
    words.decode(tokens, origin, times, series, rng);
    ASSERT_EQ(series.rows(), s.cohort.series_rows(subject));
    for (std::size_t c = 0; c < series.width(); ++c) {
      for (std::int64_t row = 0; row < series.rows(); ++row) {
        const Column& real = s.cohort.series.column(c);
        ASSERT_EQ(series.column(c).is_valid(row), real.is_valid(first + row));
        if (!real.is_valid(first + row)) continue;
        // A bin holds a sixteenth of the mass, or one part of it.
        const Marginal& marginal = s.marginals[c];
        const double made = series.column(c).number(row), was = real.number(first + row);
        if (is_categorical(real.type()) || marginal.part(made) == marginal.part(was)) continue;
        EXPECT_NEAR(marginal.cdf(made), marginal.cdf(was), 1.01 / 16) << s.cohort.series.name(c);
      }
    }
  }
}

TEST(EventTokens, AnyTokensAreTaken) {
  const Setting s = setting();
  const EventTokens words(s.cohort.schema, s.marginals, s.timeline.gap, 4);
  Rng rng(1);
  Column times(s.cohort.times.type());
  Table series(s.cohort.schema.series());
  const std::vector<std::int32_t> tokens = {static_cast<std::int32_t>(words.size() - 1), 1, 0, 1};
  words.decode(tokens, 100, times, series, rng);
  EXPECT_EQ(series.rows(), 2);  // one before the first gap, one after it, nothing after the end
  EXPECT_EQ(times.number(0), 100);
  const std::vector<std::int32_t> none = {static_cast<std::int32_t>(words.size())};
  EXPECT_EQ(kind_of([&] { words.decode(none, 0, times, series, rng); }), ErrorKind::input);
}

TEST(EventTokens, EveryTokenHasAWord) {
  const Setting s = setting();
  const EventTokens words(s.cohort.schema, s.marginals, s.timeline.gap, 4);
  EXPECT_EQ(words.word(0), "end");
  EXPECT_TRUE(words.word(1).starts_with("gap bin 0"));
  for (std::int32_t token = 0; token < words.size(); ++token) EXPECT_FALSE(words.word(token).empty());
}

}  // namespace
}  // namespace understudy
