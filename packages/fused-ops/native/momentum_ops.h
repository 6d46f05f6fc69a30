// BagOfTricksMomentum, the optimizer's step, and BagOfTricksFinite, which half precision asks before it.
#pragma once
#include <map>

#include "momentum.h"
#include "ops.h"
#include "tensorflow/core/common_runtime/dma_helper.h"

namespace bag_of_tricks {

REGISTER_OP("BagOfTricksMomentum")
    .Input("weights: N * float").Input("velocities: N * float").Input("gradients: N * G").Input("settings: float")
    .Output("new_weights: N * float").Output("new_velocities: N * float").Output("shadows: N * shadow")
    .Attr("N: int >= 1").Attr("G: {float, bfloat16, half}").Attr("nesterov: bool").Attr("decay: list(float)")
    .Attr("exclusive: list(bool)").Attr("shadow: {float, bfloat16, half} = DT_FLOAT").Attr("shadowed: list(bool)")
    .SetIsStateful()
    .SetShapeFn(UnknownShape);

REGISTER_OP("BagOfTricksFinite")
    .Input("gradients: N * G").Output("finite: bool")
    .Attr("N: int >= 1").Attr("G: {float, bfloat16, half}")
    .SetShapeFn(UnknownShape);

// Finds out which buffers a step may write into.
struct Holders {
  explicit Holders(OpKernelContext* context) {
    for (int i = 0; i < context->num_inputs(); ++i) ++uses_[buffer(context->input(i))];
  }

  // An eager tensor refers to its buffer twice, the second time so that no op writes into it. A third reference is
  // somebody else's, and so is a second input with this buffer. Memory not of TensorFlow is an array of JavaScript's.
  bool nobody_else(const Tensor& tensor) const {
    tensorflow::TensorBuffer* held = buffer(tensor);
    return held && held->OwnsMemory() && held->root_buffer() == held && held->RefCount() <= 2 && uses_.at(held) == 1;
  }

  static tensorflow::TensorBuffer* buffer(const Tensor& tensor) {
    return tensorflow::DMAHelper::buffer(const_cast<Tensor*>(&tensor));
  }

  std::map<tensorflow::TensorBuffer*, int> uses_;
};

template <class G, class H>
struct MomentumOp : Kernel {
  explicit MomentumOp(OpKernelConstruction* context) : Kernel(context) {
    read_attribute(context, "N", &count_);
    read_attribute(context, "nesterov", &nesterov_);
    read_attribute(context, "decay", &decay_);
    read_attribute(context, "exclusive", &exclusive_);
    read_attribute(context, "shadowed", &shadowed_);
  }

  absl::Status run(OpKernelContext* context) override {
    TF_RETURN_IF_ERROR(expect_count("decay", decay_.size()));
    TF_RETURN_IF_ERROR(expect_count("exclusive", exclusive_.size()));
    TF_RETURN_IF_ERROR(expect_count("shadowed", shadowed_.size()));
    TF_RETURN_IF_ERROR(expect_shape("settings", context->input(3 * count_), TensorShape({3})));
    const float* settings = read<float>(context->input(3 * count_));
    std::vector<Update<G, H>> updates(count_);
    // All of them before the first output: an error must not leave half a step behind.
    for (int i = 0; i < count_; ++i) {
      const TensorShape& shape = context->input(i).shape();
      TF_RETURN_IF_ERROR(expect_shape("velocities", context->input(count_ + i), shape));
      TF_RETURN_IF_ERROR(expect_shape("gradients", context->input(2 * count_ + i), shape));
    }
    const Holders holders(context);
    for (int i = 0; i < count_; ++i) {
      const Tensor &weights = context->input(i), &velocities = context->input(count_ + i);
      Tensor *new_weights, *new_velocities, *shadow;
      TF_RETURN_IF_ERROR(output(context, holders, i, i, &new_weights));
      TF_RETURN_IF_ERROR(output(context, holders, count_ + i, i, &new_velocities));
      const TensorShape shadow_shape = shadowed_[i] ? weights.shape() : TensorShape({0});
      TF_RETURN_IF_ERROR(context->allocate_output(2 * count_ + i, shadow_shape, &shadow));
      updates[i] = {read<float>(weights), read<float>(velocities), read<G>(context->input(2 * count_ + i)),
                    write<float>(new_weights), write<float>(new_velocities), shadowed_[i] ? write<H>(shadow) : nullptr,
                    decay_[i], weights.NumElements()};
    }
    momentum_step(parallel_on(context), updates, {settings[0], settings[1], settings[2], nesterov_});
    return absl::OkStatus();
  }

  absl::Status expect_count(const char* name, size_t found) const {
    if (found == static_cast<size_t>(count_)) return absl::OkStatus();
    return refuse(name, " must have ", count_, " entries, got ", found);
  }

  absl::Status output(OpKernelContext* context, const Holders& holders, int at, int i, Tensor** result) const {
    const Tensor& input = context->input(at);
    if (!exclusive_[i] || !holders.nobody_else(input)) return context->allocate_output(at, input.shape(), result);
    context->set_output(at, input);
    *result = context->mutable_output(at);
    return absl::OkStatus();
  }

  int count_;
  bool nesterov_;
  std::vector<float> decay_;
  std::vector<bool> exclusive_, shadowed_;
};

template <class G>
using MomentumAlone = MomentumOp<G, float>;
template <class G>
using MomentumToBfloat16 = MomentumOp<G, bfloat16>;
template <class G>
using MomentumToFloat16 = MomentumOp<G, float16>;
#define MOMENTUM(SHADOW) Name("BagOfTricksMomentum").TypeConstraint<SHADOW>("shadow")
REGISTER_PRECISIONS(MOMENTUM(float), "G", MomentumAlone);
REGISTER_PRECISIONS(MOMENTUM(tensorflow::bfloat16), "G", MomentumToBfloat16);
REGISTER_PRECISIONS(MOMENTUM(Eigen::half), "G", MomentumToFloat16);

template <class G>
struct FiniteOp : Kernel {
  using Kernel::Kernel;

  absl::Status run(OpKernelContext* context) override {
    std::vector<Values<G>> gradients;
    for (int i = 0; i < context->num_inputs(); ++i)
      gradients.push_back({read<G>(context->input(i)), context->input(i).NumElements()});
    Tensor* finite;
    TF_RETURN_IF_ERROR(context->allocate_output(0, TensorShape({}), &finite));
    finite->scalar<bool>()() = all_finite(parallel_on(context), gradients);
    return absl::OkStatus();
  }
};

REGISTER_PRECISIONS(Name("BagOfTricksFinite"), "G", FiniteOp);

}  // namespace bag_of_tricks
