#include "nn/blocks/embedding.h"

#include "nn/noise.h"

namespace understudy::nn {

Embedding::Embedding(Parameters& parameters, const std::string& name, std::int64_t words, std::int64_t width, Rng& rng)
    : weight(parameters.add(name + ".weight", normals(rng, words, width))) {}

}  // namespace understudy::nn
