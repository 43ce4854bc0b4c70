#include "generators/memoriser.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "cohort/cohort_file.h"
#include "encode/repair.h"
#include "generators/condition.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kName = "memoriser";

bool is_kept(ColumnType type) { return type != ColumnType::id && type != ColumnType::text; }

// Public range, or that of the values.
double range_of(const ColumnSpec& spec, const Column& column) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double x : column.numbers()) {
    if (!std::isfinite(x)) continue;
    low = std::min(low, x);
    high = std::max(high, x);
  }
  low = spec.minimum.value_or(low);
  high = spec.maximum.value_or(high);
  return std::isfinite(high - low) ? std::max(high - low, 0.0) : 0;
}

void add_noise(const Schema& schema, const Table& kept, double share, Table& table, const Rng& rng,
               const Context& context) {
  std::vector<double> spreads;
  for (std::size_t c = 0; c < table.width(); ++c) {
    const ColumnSpec& spec = schema.column(table.name(c));
    spreads.push_back(is_numeric(spec.type) ? share * range_of(spec, kept.column(c)) : 0);
  }
  for_each_shard(table.rows(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    Rng own = rng.stream("shard", static_cast<std::uint64_t>(shard));
    for (std::size_t c = 0; c < table.width(); ++c) {
      Column& column = table.column(c);
      for (std::int64_t row = first; row < last && spreads[c] > 0; ++row) {
        if (column.is_valid(row)) column.set_number(row, column.number(row) + spreads[c] * own.normal());
      }
    }
  });
}

void forget_texts(Table& table) {
  for (std::size_t c = 0; c < table.width(); ++c) {
    if (is_kept(table.column(c).type())) continue;
    const std::int64_t rows = table.column(c).size();
    table.column(c) = Column(table.column(c).type());
    table.column(c).resize(rows);
  }
}

void number_subjects(Cohort& cohort) {
  for (std::size_t s = 0; s < cohort.subjects.size(); ++s) cohort.subjects[s] = std::to_string(s + 1);
}

class MemoriserModel : public Model {
 public:
  MemoriserModel(Cohort kept, double noise) : kept_(std::move(kept)), noise_(noise) {}

  const Schema& schema() const override { return kept_.schema; }

  Cohort sample(const SampleRequest& request, const Context& context) const override {
    check_subjects(request.subjects);
    const auto conditions = parse_conditions(kept_.schema, request.condition);
    const auto pool = matching_rows(kept_.statics, conditions);
    if (pool.empty()) fail(ErrorKind::usage, "no training subject meets the condition; ask for another value");
    Rng rng = context.rng("memoriser subjects");
    std::vector<std::int64_t> drawn;
    for (std::int64_t s = 0; s < request.subjects; ++s) drawn.push_back(pool[rng.below(pool.size())]);
    Cohort cohort = kept_.select(drawn);
    number_subjects(cohort);
    add_noise(kept_.schema, kept_.statics, noise_, cohort.statics, context.rng("memoriser statics"), context);
    add_noise(kept_.schema, kept_.series, noise_, cohort.series, context.rng("memoriser series"), context);
    impose(conditions, cohort.statics);
    repair(cohort);
    return cohort;
  }

  TensorFile save() const override {
    TensorFile file = begin_model_file(kName, kept_.schema);
    TensorFile kept = to_tensors(kept_);
    file.metadata.update(kept.metadata);
    file.metadata["noise"] = noise_;
    file.tensors = std::move(kept.tensors);
    return file;
  }

 private:
  Cohort kept_;
  double noise_;
};

class Memoriser : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options& options, const Context& context, const Checkpoint&) const override {
    const double noise = options.real("noise");
    return vault.look("train memoriser", [&](const Cohort& cohort) -> ModelPtr {
      check_learnable(cohort, kName);
      context.check_cancelled();
      Cohort kept = cohort;
      number_subjects(kept);
      forget_texts(kept.statics);
      forget_texts(kept.series);
      return std::make_shared<MemoriserModel>(std::move(kept), noise);
    });
  }

  ModelPtr load(const TensorFile& file) const override {
    const auto& noise = metadata_entry(file, "noise");
    if (!noise.is_number() || !(noise.get<double>() >= 0)) fail(ErrorKind::input, "the model file's noise is no share");
    return std::make_shared<MemoriserModel>(cohort_from_tensors(file, check_model_file(file, kName)), noise.get<double>());
  }
};

}  // namespace

std::unique_ptr<Generator> make_memoriser() { return std::make_unique<Memoriser>(); }

}  // namespace understudy
