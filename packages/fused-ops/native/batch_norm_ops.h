// BagOfTricksBatchNorm and its gradient.
#pragma once
#include "batch_norm.h"
#include "ops.h"

namespace bag_of_tricks {

REGISTER_OP("BagOfTricksBatchNorm")
    .Input("x: T").Input("gamma: float").Input("beta: float")
    .Input("moving_mean: float").Input("moving_variance: float").Input("side: sides * T")
    .Output("y: T").Output("mean: float").Output("rstd: float")
    .Output("new_moving_mean: float").Output("new_moving_variance: float")
    .Attr("T: {float, bfloat16, half}").Attr("sides: int >= 0 = 0")
    .Attr("epsilon: float").Attr("momentum: float").Attr("relu: bool = false")
    .SetShapeFn(UnknownShape);

REGISTER_OP("BagOfTricksBatchNormGrad")
    .Input("dy: dys * G").Input("y: masks * T").Input("x: T")
    .Input("gamma: float").Input("mean: float").Input("rstd: float")
    .Output("dx: G").Output("dgamma: float").Output("dbeta: float").Output("dside: G")
    .Attr("T: {float, bfloat16, half}").Attr("G: {float, bfloat16, half}").Attr("dys: int >= 1 = 1").Attr("masks: int >= 0 = 0").Attr("side: bool = false")
    .SetShapeFn(UnknownShape);

inline absl::Status expect_pixels(const Tensor& x) {
  if (x.dims() < 2) return refuse("x must have at least two dimensions, got ", x.shape().DebugString());
  if (x.NumElements() == 0) return refuse("x must not be empty, got ", x.shape().DebugString());
  return absl::OkStatus();
}

// Reads vectors of one entry for each channel, from input `first` on.
inline absl::Status read_vectors(OpKernelContext* context, int first, std::initializer_list<const char*> names,
                                 int64_t channels, const float** into) {
  for (const char* name : names) {
    TF_RETURN_IF_ERROR(expect_shape(name, context->input(first), TensorShape({channels})));
    *into++ = read<float>(context->input(first++));
  }
  return absl::OkStatus();
}

inline Rows rows_of(const Tensor& x) { return Rows(x.NumElements(), x.dim_size(x.dims() - 1)); }

template <class T>
struct BatchNormOp : Kernel {
  explicit BatchNormOp(OpKernelConstruction* context) : Kernel(context) {
    read_attribute(context, "epsilon", &epsilon_);
    read_attribute(context, "momentum", &momentum_);
    read_attribute(context, "relu", &relu_);
  }

  absl::Status run(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    OpInputList side;
    TF_RETURN_IF_ERROR(context->input_list("side", &side));
    TF_RETURN_IF_ERROR(expect_pixels(x));
    TF_RETURN_IF_ERROR(expect_list("side", side, 1, x.shape()));
    const Rows rows = rows_of(x);
    const float* in[4];
    TF_RETURN_IF_ERROR(
        read_vectors(context, 1, {"gamma", "beta", "moving_mean", "moving_variance"}, rows.channels, in));
    Tensor *y, *out[4];
    TF_RETURN_IF_ERROR(context->allocate_output(0, x.shape(), &y));
    for (int i = 0; i < 4; ++i)
      TF_RETURN_IF_ERROR(context->allocate_output(i + 1, TensorShape({rows.channels}), &out[i]));
    batch_norm(parallel_on(context), read<T>(x), read<T>(side, 0), write<T>(y), rows,
               {in[0], in[1], in[2], in[3], write<float>(out[0]), write<float>(out[1]), write<float>(out[2]),
                write<float>(out[3]), epsilon_, momentum_, relu_});
    return absl::OkStatus();
  }

  float epsilon_, momentum_;
  bool relu_;
};

REGISTER_PRECISIONS(Name("BagOfTricksBatchNorm"), "T", BatchNormOp);

template <class T, class G>
struct BatchNormGradOp : Kernel {
  explicit BatchNormGradOp(OpKernelConstruction* context) : Kernel(context) { read_attribute(context, "side", &side_); }

  absl::Status run(OpKernelContext* context) override {
    OpInputList dy, y;
    TF_RETURN_IF_ERROR(context->input_list("dy", &dy));
    TF_RETURN_IF_ERROR(context->input_list("y", &y));
    const int at = dy.size() + y.size();
    const Tensor& x = context->input(at);
    TF_RETURN_IF_ERROR(expect_pixels(x));
    TF_RETURN_IF_ERROR(expect_list("dy", dy, 2, x.shape()));
    TF_RETURN_IF_ERROR(expect_list("y", y, 1, x.shape()));
    const Rows rows = rows_of(x);
    const float* in[3];
    TF_RETURN_IF_ERROR(read_vectors(context, at + 1, {"gamma", "mean", "rstd"}, rows.channels, in));
    const TensorShape vector({rows.channels});
    Tensor *dx, *dgamma, *dbeta, *dside;
    TF_RETURN_IF_ERROR(context->allocate_output(0, x.shape(), &dx));
    TF_RETURN_IF_ERROR(context->allocate_output(1, vector, &dgamma));
    TF_RETURN_IF_ERROR(context->allocate_output(2, vector, &dbeta));
    TF_RETURN_IF_ERROR(context->allocate_output(3, side_ ? x.shape() : TensorShape({0}), &dside));
    const Incoming<T, G> incoming = {read<G>(dy, 0), read<G>(dy, 1), read<T>(y, 0)};
    batch_norm_gradient(parallel_on(context), incoming, read<T>(x), write<G>(dx), side_ ? write<G>(dside) : nullptr, rows,
                        {in[0], in[1], in[2], write<float>(dgamma), write<float>(dbeta)});
    return absl::OkStatus();
  }

  bool side_;
};

REGISTER_PAIRS("BagOfTricksBatchNormGrad", "T", "G", BatchNormGradOp);

}  // namespace bag_of_tricks
