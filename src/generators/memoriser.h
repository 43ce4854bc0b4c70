// Generator "memoriser": training subjects drawn again, whole, with a little noise. A control: the attacks must catch
// it, and a generator whose records are as close to the training records as these has learnt nobody's distribution
// but everybody's data.
//
// Its model is the training data (keeps_records). Keys, ids and texts are left out. A condition draws from the subjects
// that meet it.
#pragma once

#include <memory>

#include "understudy/generator.h"

namespace understudy {

inline constexpr OptionSpec kMemoriserOptions[] = {
    {"noise", OptionType::real, "0.0001", 0, 1, "",
     "standard deviation of the noise, as a share of each column's range"}};

std::unique_ptr<Generator> make_memoriser();

}  // namespace understudy
