// A private training: noisy sums of one plan, one after the other, and one result that leaves.
//
//   PrivateTraining training(vault, {.purpose = "train gan", .events = {gradients.event()}}, context.seed);
//   auto sums = training.sums<Rows>(gradients, [](const Cohort& cohort) { return Rows(cohort); });
//   while (sums.left() > 0) take_a_step(sums.next(contribute));
//   Released<ModelPtr> model = training.finish(ModelPtr(...), digest);
//
// Guarantee: the result costs the plan, for the unit and relation of the plan. A training that was interrupted goes on with
// the plan that it reserved, from its last checkpoint and with fresh coins; sums after that checkpoint are drawn again. Of
// the branches which that gives one can finish: the ledger lists its digest, and refuses any other.
// Assumptions: what stands in docs/privacy/training.md; the result follows from the sums and from public or released values
// alone; nothing of an unfinished branch leaves, checkpoints included, and whether a training is interrupted does not hang on
// what its sums were.
// Over several processes (a ledger with ranks, privacy/shared_ledger.h) each contributes its own subjects and makes its
// share of the noise (privacy/noise/noisy_total.h); the sums are the same at all.
// Tried to break by: tests/ranks, private_training_test, nn/private_gradient_test (mistakes of the loop, built in), tests/falsify.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "understudy/vault.h"
#include "vault/mechanisms.h"
#include "vault/planned_looks.h"

namespace understudy {

class PrivateTraining {
 public:
  // Spends the plan, for the schema's unit (ErrorKind::budget when the ledger refuses; then nothing was looked at), or goes
  // on with the one that is reserved under the id `resumes` (ErrorKind::input when there is none). `seed` matters in builds
  // with seeded noise alone; there, sum number k is the same whether or not the training was interrupted before it.
  // `threads` make the noise, which does not depend on them.
  PrivateTraining(const Vault& vault, Plan plan, std::uint64_t seed, const std::optional<std::string>& resumes = {}, int threads = 1);

  const std::string& id() const { return reservation_.id; }  // for the checkpoint
  const GaussianCost& cost() const { return reservation_.cost; }

  // The sums of one mechanism. `Data` is what contributions are made from: it depends on the records, stays in here, and
  // is never made in a blind run.
  template <class Data>
  class Sums {
   public:
    // Adds the contributions of these subjects to `sum`; they may be none.
    using Contribute = std::function<void(const Data& data, std::span<const std::int64_t> subjects, std::span<double> sum)>;
    // ErrorKind::internal after the last sum of the plan, ErrorKind::budget when the plan's result has left.
    std::vector<double> next(const Contribute& contribute) {
      return training_->sum(mechanism_, done_++, [&](std::span<const std::int64_t> subjects, std::span<double> sum) {
        contribute(*data_, subjects, sum);
      });
    }
    std::int64_t left() const { return mechanism_.count - done_; }
    // Leaves out the sums before the checkpoint of an interrupted training.
    void skip(std::int64_t count) { done_ += count; }
    const SampledSum& mechanism() const { return mechanism_; }

   private:
    friend class PrivateTraining;
    Sums(PrivateTraining& training, SampledSum mechanism, std::optional<Data> data)
        : training_(&training), mechanism_(std::move(mechanism)), data_(std::move(data)) {}
    PrivateTraining* training_;
    SampledSum mechanism_;
    std::optional<Data> data_;
    std::int64_t done_ = 0;
  };
  // `prepare` turns each record into what its contribution is made from, subject by subject. The training must outlive what
  // it returns. Assumption: `contribute` adds to the sum for each subject a vector of norm at most mechanism.bound that
  // depends on that subject alone.
  template <class Data>
  Sums<Data> sums(const SampledSum& mechanism, const std::function<Data(const Cohort&)>& prepare) {
    looks_.take(mechanism.event());
    return Sums<Data>(*this, mechanism, vault_.is_blind() ? std::nullopt : std::optional<Data>(prepare(*vault_.cohort_)));
  }

  // Lets the result leave. `digest` tells it from every other, and depends on it alone. ErrorKind::budget when another
  // result of this plan has left.
  template <class T>
  Released<T> finish(T result, const std::string& digest) {
    vault_.ledger_->finish(vault_.name_, id(), digest);
    return Released<T>(std::move(result));
  }

 private:
  using AddSubjects = std::function<void(std::span<const std::int64_t> subjects, std::span<double> sum)>;
  std::vector<double> sum(const SampledSum& mechanism, std::int64_t number, const AddSubjects& add) const;

  Vault vault_;
  PlannedLooks looks_;
  std::uint64_t seed_;
  int threads_;
  Reservation reservation_;
};

}  // namespace understudy
