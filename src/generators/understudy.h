// Generator "understudy": an autoregressive network. A column chain draws a subject's statics and the number of its rows
// (understudy/chain.h), a recurrent network with a chain inside each row draws its rows and the times between them
// (understudy/series_network.h). Every value is a category on the public grid of its column (code/bins.h), missing is one
// too, so what is measured, and when, is part of the model.
//
// Columns with few categories come first. A condition on statics is met by drawing until enough subjects meet it.
#pragma once

#include <memory>

#include "understudy/generator.h"

namespace understudy {

inline constexpr OptionSpec kUnderstudyOptions[] = {
    {"epochs", OptionType::integer, "10", 1, 100000, "", "times that every subject's statics are learnt from; more where that is few steps"},
    {"series_epochs", OptionType::integer, "20", 1, 100000, "", "times that every subject's rows are learnt from, within the two limits below"},
    {"least_steps", OptionType::integer, "450", 1, 1e9, "", "steps of the optimiser, at least"},
    {"most_steps", OptionType::integer, "3000", 1, 1e9, "", "of those over rows, at most; more take longer and fit better"},
    {"hidden", OptionType::integer, "128", 1, 4096, "", "numbers in which the rows so far are remembered"},
    {"bins", OptionType::integer, "40", 2, 1000, "", "categories into which a number in a row is cut, about"},
    {"learning_rate", OptionType::real, "0.006", 1e-8, 1, "", "the highest; it rises, then falls to 0"},
    {"weight_decay", OptionType::real, "0.1", 0, 10, "", "share of the weights, times the rate, that each step takes away"},
    {"dropout", OptionType::real, "0", 0, 0.9, "", "share of the units of a row's network that a step leaves out"},
    {"private_steps", OptionType::integer, "1000", 1, 1e9, "", "with a budget: noisy steps over statics"},
    {"private_batch", OptionType::integer, "4096", 1, 1e9, "", "with a budget: subjects that take part in such a step on average"},
    {"private_series_steps", OptionType::integer, "200", 1, 1e9, "", "with a budget: noisy steps over rows; more take longer"},
    {"private_series_batch", OptionType::integer, "512", 1, 1e9, "", "with a budget: subjects that take part in such a step on average"},
    {"private_learning_rate", OptionType::real, "0.003", 1e-8, 1, "", "with a budget: the highest; it rises, then falls to 0"},
    {"clip", OptionType::real, "5", 1e-8, 1e8, "", "with a budget: a subject's gradient is cut to this length"}};

std::unique_ptr<Generator> make_understudy();

}  // namespace understudy

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the generator.
extern "C" understudy::Generator* understudy_make_understudy();
