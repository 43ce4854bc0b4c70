// Draws visits from a HALO network: visit after visit, code by code within a visit, each by a coin of its logit.
//
// What was computed stays: keys and values of the visits before (nn::AttentionMemory), and within a visit the first masked layer's
// sums, to which a code that is there adds its column. A code is then one product of two rows; the slow way, the whole network
// for each code, is in sampler_test.cc and draws the same.
//
// The published form draws every bit by itself. Here a group of codes ends with the first that is there (visit_code.h): of a
// number's ranges or a column's categories there is exactly one, and the law is that of the network given that.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "generators/halo/network.h"
#include "generators/halo/visit_code.h"
#include "understudy/random.h"

namespace understudy {

class HaloSampler {
 public:
  // All but `flat` must outlive it.
  HaloSampler(const HaloNetwork& network, const at::Tensor& flat, const VisitCode& labels, const VisitCode& visits);

  // Subject s draws from rng.stream("subject", s) alone.
  // Categories of the labels of so many subjects, [subjects x groups of the labels].
  std::vector<std::int32_t> draw_labels(std::int64_t subjects, const Rng& rng) const;
  // Categories of the rows of subjects with these labels, [rows x groups of the visits]. Subject s has rows [offsets[s],
  // offsets[s + 1]), at most two fewer than the network's context.
  std::vector<std::int32_t> draw_rows(std::span<const std::int32_t> labels, std::span<const std::int64_t> offsets, const Rng& rng) const;

 private:
  at::Tensor sums(const at::Tensor& history) const;  // of the first masked layer, before any code: [subjects, units]
  void draw(const VisitCode& code, std::span<float> units, Rng& rng, std::span<std::int32_t> categories) const;
  at::Tensor visit_of(const VisitCode& code, std::span<const std::int32_t> categories, std::int64_t subjects) const;

  const HaloNetwork* network_;
  const VisitCode* labels_;
  const VisitCode* visits_;
  at::Tensor flat_, history_weight_, first_bias_;
  std::vector<float> columns_;  // of the first masked layer, for each code: what it adds to the units
  std::vector<float> second_, second_bias_;
};

}  // namespace understudy
