#include "vault/private_training.h"

#include "privacy/noise/coins.h"
#include "privacy/noise/noisy_total.h"
#include "privacy/noise/source.h"
#include "understudy/error.h"
#include "understudy/random.h"

namespace understudy {
namespace {

// The subjects that take part.
std::vector<std::int64_t> by_coins(double rate, std::int64_t subjects, NoiseSource& source) {
  constexpr double kParts = 0x1p53;
  const auto heads = static_cast<std::uint64_t>(rate * kParts);  // downwards: no more often than was paid for
  Coins coins(source);
  std::vector<std::int64_t> chosen;
  for (std::int64_t s = 0; s < subjects; ++s) {
    if (coins.bernoulli(heads, std::uint64_t{1} << 53)) chosen.push_back(s);
  }
  return chosen;
}

// A source for each sum: in seeded builds what a sum gets does not depend on the sums before it, so that no state of the
// noise has to be kept.
std::unique_ptr<NoiseSource> source_of(std::uint64_t seed, const std::string& what, std::int64_t number) {
  return make_noise_source(Rng(seed).stream(what, static_cast<std::uint64_t>(number)).next());
}

}  // namespace

PrivateTraining::PrivateTraining(const Vault& vault, Plan plan, std::uint64_t seed, const std::optional<std::string>& resumes,
                                 int threads)
    : vault_(vault), looks_(std::move(plan), vault.schema()), seed_(seed), threads_(threads) {
  Ledger& ledger = *vault_.ledger_;
  reservation_ = resumes ? ledger.resume(looks_.plan(), vault_.name_, *resumes) : ledger.reserve(looks_.plan(), vault_.name_);
}

std::vector<double> PrivateTraining::sum(const SampledSum& mechanism, std::int64_t number, const AddSubjects& add) const {
  const std::string& purpose = looks_.plan().purpose;
  if (number >= mechanism.count) fail(ErrorKind::internal, "plan '{}' has no further sum '{}'", purpose, mechanism.what);
  if (reservation_.finished) {
    fail(ErrorKind::budget, "the result of plan '{}' has left; remove the checkpoint and pay for a new one", purpose);
  }
  const auto source = source_of(seed_, mechanism.what, number);
  std::vector<double> sum(static_cast<std::size_t>(mechanism.size));
  Ranks* const ranks = vault_.ledger_->ranks();
  if (!vault_.is_blind()) add(own_subjects(by_coins(mechanism.rate, vault_.cohort_->size(), *source), ranks), sum);
  noisy_total(*source, sum, mechanism.multiplier * mechanism.bound, ranks, threads_);
  return sum;
}

}  // namespace understudy
