#include "understudy/options.h"

#include <gtest/gtest.h>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr OptionSpec kSpecs[] = {
    {"epochs", OptionType::integer, "200", 1, 1000, "", "passes"},
    {"rate", OptionType::real, "0.5", 0, 1, "", "learning rate"},
    {"objective", OptionType::choice, "wgan-gp", 0, 0, "non-saturating|wgan-gp", "loss"},
    {"verbose", OptionType::boolean, "false"},
    {"note", OptionType::text, ""},
};

// The message of the usage error that setting causes; empty when there is none.
std::string refusal(std::string_view name, std::string_view value) {
  Options options(kSpecs);
  try {
    options.set(name, value);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Options, StartWithTheirDefaults) {
  const Options options(kSpecs);
  EXPECT_EQ(options.integer("epochs"), 200);
  EXPECT_EQ(options.real("rate"), 0.5);
  EXPECT_EQ(options.text("objective"), "wgan-gp");
  EXPECT_FALSE(options.boolean("verbose"));
}

TEST(Options, HoldWhatWasSet) {
  Options options(kSpecs);
  options.set("epochs", "7");
  options.set("rate", "1e-3");
  options.set("objective", "non-saturating");
  options.set("verbose", "true");
  options.set("note", "a b");
  EXPECT_EQ(options.integer("epochs"), 7);
  EXPECT_EQ(options.real("rate"), 1e-3);
  EXPECT_EQ(options.text("objective"), "non-saturating");
  EXPECT_TRUE(options.boolean("verbose"));
  EXPECT_EQ(options.values()[4], (std::pair<std::string, std::string>("note", "a b")));
  EXPECT_EQ(options.values()[0].second, "7");
}

TEST(Options, TakeTheEndsOfTheirRange) {
  EXPECT_EQ(refusal("epochs", "1"), "");
  EXPECT_EQ(refusal("epochs", "1000"), "");
  EXPECT_EQ(refusal("rate", "0"), "");
}

TEST(Options, RefuseWrongValuesNamingOptionValueAndCure) {
  for (const auto* value : {"0", "1001", "3.5", "many", "", "7 ", "99999999999999999999"}) {
    EXPECT_NE(refusal("epochs", value).find("option epochs is '" + std::string(value) + "'"), std::string::npos)
        << value;
  }
  for (const auto* value : {"-0.1", "1.1", "nan", "inf", "half"}) EXPECT_NE(refusal("rate", value), "") << value;
  EXPECT_NE(refusal("objective", "hinge").find("non-saturating|wgan-gp"), std::string::npos);
  EXPECT_NE(refusal("objective", ""), "");
  EXPECT_NE(refusal("verbose", "yes"), "");
}

TEST(Options, NameTheKnownOnes) {
  const std::string message = refusal("epoch", "1");
  EXPECT_NE(message.find("'epoch'"), std::string::npos);
  EXPECT_NE(message.find("epochs, rate, objective, verbose, note"), std::string::npos);
  EXPECT_NE(message.find("known"), std::string::npos);
}

TEST(Options, ReadingAnotherTypeIsOurFault) {
  const Options options(kSpecs);
  try {
    options.real("epochs");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
  }
}

}  // namespace
}  // namespace understudy
