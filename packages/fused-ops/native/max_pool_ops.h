// BagOfTricksMaxPool and its gradient.
#pragma once
#include "max_pool.h"
#include "ops.h"

namespace bag_of_tricks {

REGISTER_OP("BagOfTricksMaxPool")
    .Input("x: T").Output("y: T").Output("index: uint8")
    .Attr("T: {float, bfloat16, half}")
    .Attr("ksize: list(int)").Attr("strides: list(int)").Attr("pads: list(int) = [0, 0, 0, 0]")
    .SetShapeFn(UnknownShape);

REGISTER_OP("BagOfTricksMaxPoolGrad")
    .Input("dy: dys * T").Input("index: uint8").Output("dx: T")
    .Attr("T: {float, bfloat16, half}").Attr("dys: int >= 1 = 1").Attr("input_shape: list(int)")
    .Attr("ksize: list(int)").Attr("strides: list(int)").Attr("pads: list(int) = [0, 0, 0, 0]")
    .SetShapeFn(UnknownShape);

using Numbers = std::vector<int64_t>;

// The settings of both ops, and the windows they make of a picture.
struct PoolKernel : Kernel {
  explicit PoolKernel(OpKernelConstruction* context) : Kernel(context) {
    read_attribute(context, "ksize", &ksize_);
    read_attribute(context, "strides", &strides_);
    read_attribute(context, "pads", &pads_);
  }

  absl::Status read_pool(const char* name, const Numbers& shape, Pool* pool) const {
    const auto are = [](const Numbers& list, size_t count, int64_t least, int64_t most) {
      const auto fits = [=](int64_t value) { return value >= least && value <= most; };
      return list.size() == count && std::all_of(list.begin(), list.end(), fits);
    };
    const auto no = [](const char* name, const char* rule, const Numbers& got) {
      return refuse(name, " must be ", rule, ", got [", absl::StrJoin(got, ", "), "]");
    };
    constexpr int64_t any = INT32_MAX;
    if (!are(shape, 4, 1, any)) return no(name, "batch, height, width and channels, none of them 0", shape);
    if (!are(ksize_, 2, 1, 254) || ksize_[0] * ksize_[1] > 254)
      return no("ksize", "height and width of a window of at most 254 cells", ksize_);
    if (!are(strides_, 2, 1, any)) return no("strides", "two positive numbers", strides_);
    if (!are(pads_, 4, 0, any)) return no("pads", "top, bottom, left and right, none negative", pads_);
    if (ksize_[0] > shape[1] + pads_[0] + pads_[1] || ksize_[1] > shape[2] + pads_[2] + pads_[3])
      return no("ksize", "no larger than the padded picture", ksize_);
    *pool = {shape[0],  shape[1],    shape[2],    shape[3], ksize_[0], ksize_[1],
             strides_[0], strides_[1], pads_[0], pads_[1],  pads_[2],  pads_[3]};
    return absl::OkStatus();
  }

  Numbers ksize_, strides_, pads_;
};

inline TensorShape pooled(const Pool& pool) {
  return TensorShape({pool.batch, pool.out_height(), pool.out_width(), pool.channels});
}

template <class T>
struct MaxPoolOp : PoolKernel {
  using PoolKernel::PoolKernel;

  absl::Status run(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const auto sizes = x.shape().dim_sizes();
    Pool pool;
    TF_RETURN_IF_ERROR(read_pool("x", {sizes.begin(), sizes.end()}, &pool));
    Tensor *y, *index;
    TF_RETURN_IF_ERROR(context->allocate_output(0, pooled(pool), &y));
    TF_RETURN_IF_ERROR(context->allocate_output(1, pooled(pool), &index));
    max_pool(parallel_on(context), pool, read<T>(x), write<T>(y), write<uint8_t>(index));
    return absl::OkStatus();
  }
};

REGISTER_PRECISIONS(Name("BagOfTricksMaxPool"), "T", MaxPoolOp);

template <class T>
struct MaxPoolGradOp : PoolKernel {
  explicit MaxPoolGradOp(OpKernelConstruction* context) : PoolKernel(context) {
    read_attribute(context, "input_shape", &input_shape_);
  }

  absl::Status run(OpKernelContext* context) override {
    OpInputList dy;
    TF_RETURN_IF_ERROR(context->input_list("dy", &dy));
    const Tensor& index = context->input(dy.size());
    Pool pool;
    TF_RETURN_IF_ERROR(read_pool("input_shape", input_shape_, &pool));
    TF_RETURN_IF_ERROR(expect_list("dy", dy, 2, pooled(pool)));
    TF_RETURN_IF_ERROR(expect_shape("index", index, pooled(pool)));
    Tensor* dx;
    TF_RETURN_IF_ERROR(context->allocate_output(0, TensorShape(input_shape_), &dx));
    max_pool_gradient(parallel_on(context), pool, read<T>(dy, 0), read<T>(dy, 1), read<uint8_t>(index), write<T>(dx));
    return absl::OkStatus();
  }

  Numbers input_shape_;
};

REGISTER_PRECISIONS(Name("BagOfTricksMaxPoolGrad"), "T", MaxPoolGradOp);

}  // namespace bag_of_tricks
