// BagOfTricksBatchNorm and its gradient.
#pragma once
#include "batch_norm.h"
#include "ops.h"

namespace bag_of_tricks {

REGISTER_OP("BagOfTricksBatchNorm")
    .Input("x: T")
    .Input("gamma: float")
    .Input("beta: float")
    .Input("moving_mean: float")
    .Input("moving_variance: float")
    .Input("side: sides * T")
    .Output("y: T")
    .Output("mean: float")
    .Output("rstd: float")
    .Output("new_moving_mean: float")
    .Output("new_moving_variance: float")
    .Attr("T: {float, bfloat16, half}")
    .Attr("sides: int >= 0 = 0")
    .Attr("epsilon: float")
    .Attr("momentum: float")
    .Attr("relu: bool = false")
    .SetShapeFn([](InferenceContext* context) {
      context->set_output(0, context->input(0));
      for (int i = 1; i < 5; ++i) context->set_output(i, context->input(1));
      return absl::OkStatus();
    });

inline absl::Status expect_pixels(const Tensor& x) {
  if (x.dims() < 2) return InvalidArgument("x must have at least two dimensions, got ", x.shape().DebugString());
  if (x.NumElements() == 0) return InvalidArgument("x must not be empty, got ", x.shape().DebugString());
  return absl::OkStatus();
}

template <class T>
class BatchNormOp : public OpKernel {
 public:
  explicit BatchNormOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("epsilon", &epsilon_));
    OP_REQUIRES_OK(context, context->GetAttr("momentum", &momentum_));
    OP_REQUIRES_OK(context, context->GetAttr("relu", &relu_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    OpInputList side;
    OP_REQUIRES_OK(context, context->input_list("side", &side));
    OP_REQUIRES_OK(context, expect_pixels(x));
    OP_REQUIRES_OK(context, expect_list("side", side, 0, 1, x.shape()));
    const int64_t channels = x.dim_size(x.dims() - 1);
    const char* names[] = {"gamma", "beta", "moving_mean", "moving_variance"};
    for (int i = 0; i < 4; ++i)
      OP_REQUIRES_OK(context, expect_shape(names[i], context->input(i + 1), TensorShape({channels})));
    Tensor *y, *vectors[4];
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &y));
    for (int i = 0; i < 4; ++i)
      OP_REQUIRES_OK(context, context->allocate_output(i + 1, TensorShape({channels}), &vectors[i]));
    const auto input = [&](int i) { return read<float>(context->input(i)); };
    const auto output = [&](int i) { return write<float>(vectors[i]); };
    batch_norm(parallel_on(context), read<T>(x), read<T>(side, 0), write<T>(y), x.NumElements(), channels,
               {input(1), input(2), input(3), input(4), output(0), output(1), output(2), output(3), epsilon_, momentum_,
                relu_});
  }

 private:
  float epsilon_, momentum_;
  bool relu_;
};

REGISTER_PRECISIONS("BagOfTricksBatchNorm", "T", BatchNormOp);

REGISTER_OP("BagOfTricksBatchNormGrad")
    .Input("dy: dys * T")
    .Input("y: masks * T")
    .Input("x: T")
    .Input("gamma: float")
    .Input("mean: float")
    .Input("rstd: float")
    .Output("dx: T")
    .Output("dgamma: float")
    .Output("dbeta: float")
    .Output("dside: T")
    .Attr("T: {float, bfloat16, half}")
    .Attr("dys: int >= 1 = 1")
    .Attr("masks: int >= 0 = 0")
    .Attr("side: bool = false")
    .SetShapeFn([](InferenceContext* context) {
      const int x = context->num_inputs() - 4;
      bool side;
      TF_RETURN_IF_ERROR(context->GetAttr("side", &side));
      context->set_output(0, context->input(x));
      context->set_output(1, context->input(x + 1));
      context->set_output(2, context->input(x + 1));
      context->set_output(3, side ? context->input(x) : context->Vector(0));
      return absl::OkStatus();
    });

template <class T>
class BatchNormGradOp : public OpKernel {
 public:
  explicit BatchNormGradOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("side", &side_));
  }

  void Compute(OpKernelContext* context) override {
    OpInputList dy, y;
    OP_REQUIRES_OK(context, context->input_list("dy", &dy));
    OP_REQUIRES_OK(context, context->input_list("y", &y));
    const int at = dy.size() + y.size();
    const Tensor& x = context->input(at);
    OP_REQUIRES_OK(context, expect_pixels(x));
    OP_REQUIRES_OK(context, expect_list("dy", dy, 1, 2, x.shape()));
    OP_REQUIRES_OK(context, expect_list("y", y, 0, 1, x.shape()));
    const int64_t channels = x.dim_size(x.dims() - 1);
    const char* names[] = {"gamma", "mean", "rstd"};
    for (int i = 0; i < 3; ++i)
      OP_REQUIRES_OK(context, expect_shape(names[i], context->input(at + 1 + i), TensorShape({channels})));
    Tensor *dx, *dgamma, *dbeta, *dside;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, TensorShape({channels}), &dgamma));
    OP_REQUIRES_OK(context, context->allocate_output(2, TensorShape({channels}), &dbeta));
    OP_REQUIRES_OK(context, context->allocate_output(3, side_ ? x.shape() : TensorShape({0}), &dside));
    const auto input = [&](int i) { return read<float>(context->input(at + i)); };
    batch_norm_gradient<T>(parallel_on(context), {read<T>(dy[0]), read<T>(dy, 1), read<T>(y, 0)}, read<T>(x),
                           write<T>(dx), side_ ? write<T>(dside) : nullptr, x.NumElements(), channels,
                           {input(1), input(2), input(3), write<float>(dgamma), write<float>(dbeta)});
  }

 private:
  bool side_;
};

REGISTER_PRECISIONS("BagOfTricksBatchNormGrad", "T", BatchNormGradOp);

}  // namespace bag_of_tricks
