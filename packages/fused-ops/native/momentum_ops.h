// BagOfTricksMomentum, the optimizer's step, and BagOfTricksFinite.
#pragma once
#include <atomic>
#include <map>

#include "momentum.h"
#include "ops.h"
#include "tensorflow/core/common_runtime/dma_helper.h"

namespace bag_of_tricks {

using tensorflow::DMAHelper;
using tensorflow::TensorBuffer;

REGISTER_OP("BagOfTricksMomentum")
    .Input("weights: N * float")
    .Input("velocities: N * float")
    .Input("gradients: N * G")
    .Input("settings: float")
    .Output("new_weights: N * float")
    .Output("new_velocities: N * float")
    .Output("shadows: N * shadow")
    .Attr("N: int >= 1")
    .Attr("G: {float, bfloat16, half}")
    .Attr("nesterov: bool")
    .Attr("decay: list(float)")
    .Attr("exclusive: list(bool)")
    .Attr("shadow: {float, bfloat16, half} = DT_FLOAT")
    .Attr("shadowed: list(bool)")
    .SetIsStateful()
    .SetShapeFn(tensorflow::shape_inference::UnknownShape);

// Finds out which buffers a step may write into.
class Holders {
 public:
  explicit Holders(OpKernelContext* context) {
    for (int i = 0; i < context->num_inputs(); ++i) ++uses_[buffer(context->input(i))];
  }

  // An eager handle refers to its buffer twice: once for itself, once against this very thing. A third reference, or a second
  // input with the same buffer, is somebody else's.
  bool nobody_else(const Tensor& tensor) const {
    TensorBuffer* held = buffer(tensor);
    return held && held->OwnsMemory() && held->root_buffer() == held && held->RefCount() <= 2 && uses_.at(held) == 1;
  }

 private:
  static TensorBuffer* buffer(const Tensor& tensor) { return DMAHelper::buffer(const_cast<Tensor*>(&tensor)); }

  std::map<TensorBuffer*, int> uses_;
};

template <class G, class H>
class MomentumOp : public OpKernel {
 public:
  explicit MomentumOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("N", &count_));
    OP_REQUIRES_OK(context, context->GetAttr("nesterov", &nesterov_));
    OP_REQUIRES_OK(context, context->GetAttr("decay", &decay_));
    OP_REQUIRES_OK(context, context->GetAttr("exclusive", &exclusive_));
    OP_REQUIRES_OK(context, context->GetAttr("shadowed", &shadowed_));
    const auto check = [&](const char* name, size_t size) {
      OP_REQUIRES(context, size == static_cast<size_t>(count_), InvalidArgument(name, " must have ", count_, " entries, got ", size));
    };
    check("decay", decay_.size());
    check("exclusive", exclusive_.size());
    check("shadowed", shadowed_.size());
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& settings = context->input(3 * count_);
    OP_REQUIRES_OK(context, expect_shape("settings", settings, TensorShape({3})));
    const Holders holders(context);
    std::vector<Update<G, H>> updates(count_);
    for (int i = 0; i < count_; ++i) {
      const Tensor &weights = context->input(i), &velocities = context->input(count_ + i),
                   &gradients = context->input(2 * count_ + i);
      OP_REQUIRES_OK(context, expect_shape("velocities", velocities, weights.shape()));
      OP_REQUIRES_OK(context, expect_shape("gradients", gradients, weights.shape()));
      Tensor *new_weights, *new_velocities, *shadow;
      OP_REQUIRES_OK(context, output(context, holders, i, i, &new_weights));
      OP_REQUIRES_OK(context, output(context, holders, count_ + i, i, &new_velocities));
      OP_REQUIRES_OK(context, context->allocate_output(2 * count_ + i, shadowed_[i] ? weights.shape() : TensorShape({0}), &shadow));
      updates[i] = {read<float>(weights), read<float>(velocities), read<G>(gradients), write<float>(new_weights),
                    write<float>(new_velocities), shadowed_[i] ? write<H>(shadow) : nullptr, decay_[i], weights.NumElements()};
    }
    const float* values = read<float>(settings);
    momentum_step(parallel_on(context), updates, {values[0], values[1], values[2], nesterov_});
  }

 private:
  absl::Status output(OpKernelContext* context, const Holders& holders, int at, int i, Tensor** result) {
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

#define REGISTER_MOMENTUM(G, OWN_G, H, OWN_H)                                                                         \
  REGISTER_KERNEL_BUILDER(                                                                                            \
      Name("BagOfTricksMomentum").Device(DEVICE_CPU).TypeConstraint<G>("G").TypeConstraint<H>("shadow"),              \
      MomentumOp<OWN_G, OWN_H>)
#define REGISTER_MOMENTUM_OF(G, OWN_G)                                   \
  REGISTER_MOMENTUM(G, OWN_G, float, float);                             \
  REGISTER_MOMENTUM(G, OWN_G, tensorflow::bfloat16, bfloat16);           \
  REGISTER_MOMENTUM(G, OWN_G, Eigen::half, float16)
REGISTER_MOMENTUM_OF(float, float);
REGISTER_MOMENTUM_OF(tensorflow::bfloat16, bfloat16);
REGISTER_MOMENTUM_OF(Eigen::half, float16);

REGISTER_OP("BagOfTricksFinite")
    .Input("gradients: N * G")
    .Output("finite: bool")
    .Attr("N: int >= 1")
    .Attr("G: {float, bfloat16, half}")
    .SetShapeFn(tensorflow::shape_inference::ScalarShape);

template <class G>
class FiniteOp : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) override {
    std::vector<int64_t> sizes;
    for (int i = 0; i < context->num_inputs(); ++i) sizes.push_back(context->input(i).NumElements());
    std::atomic<bool> found{false};
    each_block(parallel_on(context), sizes, [&](size_t tensor, int64_t begin, int64_t end) {
      if (found) return;
      const G* gradients = read<G>(context->input(tensor));
      vectorized([&found, gradients, begin, end]() LOOP {
        if (infinite(gradients, begin, end)) found = true;
      });
    });
    Tensor* finite;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({}), &finite));
    finite->scalar<bool>()() = !found;
  }
};

REGISTER_PRECISIONS("BagOfTricksFinite", "G", FiniteOp);

}  // namespace bag_of_tricks
