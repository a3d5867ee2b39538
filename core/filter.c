// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classic BPF over frames: checked and compiled by the kernel. A frame here has
 * no sk_buff, so each program has one of its own that only points at the frame
 * in hand; no other code ever sees it.
 * Ref: decision 0009
 */
#include <linux/filter.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "filter.h"

static_assert(HPCAP_FILTER_MAX == BPF_MAXINSNS);

/**
 * struct cap_prog - one filter program
 * @prog: as the kernel runs it; keeps the instructions it was given
 * @skb: points at the frame in hand
 * @text: what it was compiled from
 */
struct cap_prog {
	struct bpf_prog *prog;
	struct sk_buff skb;
	char text[HPCAP_FILTER_TEXT];
};

/* Offsets from 2^31 up mean what the network stack knows of a packet; we do not. */
static int refuse_extensions(struct sock_filter *insns, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++) {
		u16 class = BPF_CLASS(insns[i].code);
		u16 mode = BPF_MODE(insns[i].code);

		if (class != BPF_LD && class != BPF_LDX)
			continue;
		if ((mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH) &&
		    insns[i].k > S32_MAX)
			return -EINVAL;
	}
	return 0;
}

/**
 * cap_prog_create() - Take a program from a user
 * @req: from HPCAP_IOC_SET_FILTER, @len not 0, text terminated
 *
 * Context: may sleep; reads user memory.
 * Return: the program; -EINVAL the kernel's checker refuses it, -EFAULT, -ENOMEM.
 */
struct cap_prog *cap_prog_create(const struct hpcap_filter *req)
{
	struct sock_fprog user = {
		.len = req->len,
		.filter = u64_to_user_ptr(req->insns),
	};
	struct cap_prog *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	int err;

	if (!p)
		return ERR_PTR(-ENOMEM);
	err = bpf_prog_create_from_user(&p->prog, &user, refuse_extensions, true);
	if (err) {
		kfree(p);
		return ERR_PTR(err);
	}
	memcpy(p->text, req->text, sizeof(p->text));
	return p;
}

/**
 * cap_prog_destroy() - Forget a program
 * @p: program that no filter refers to any more, or NULL
 *
 * Context: may sleep.
 */
void cap_prog_destroy(struct cap_prog *p)
{
	if (!p)
		return;
	bpf_prog_destroy(p->prog);
	kfree(p);
}

/**
 * cap_prog_copy() - What cap_prog_create() was given
 * @p: program, or NULL
 * @req: @text and @len are filled in
 *
 * Context: may sleep.
 * Return: the instructions, to be freed by kfree(); NULL when there are none;
 * -ENOMEM.
 */
struct sock_filter *cap_prog_copy(const struct cap_prog *p, struct hpcap_filter *req)
{
	const struct sock_fprog_kern *orig = p ? p->prog->orig_prog : NULL;
	struct sock_filter *copy;

	req->len = orig ? orig->len : 0;
	memset(req->text, 0, sizeof(req->text));
	if (!orig)
		return NULL;
	memcpy(req->text, p->text, sizeof(req->text));
	copy = kmemdup(orig->filter, orig->len * sizeof(*copy), GFP_KERNEL);
	return copy ? copy : ERR_PTR(-ENOMEM);
}

/**
 * cap_prog_text() - What a program was compiled from
 * @p: program, or NULL
 *
 * Return: text, never NULL.
 */
const char *cap_prog_text(const struct cap_prog *p)
{
	return p ? p->text : "";
}

/* Poll thread, with the queue's lock: nobody migrates, and nobody else runs it. */
static u32 run_prog(void *arg, const u8 *frame, u32 len)
{
	struct cap_prog *p = arg;
	struct sk_buff *skb = &p->skb;

	skb->head = (unsigned char *)frame;
	skb->data = skb->head;
	skb->len = len;
	skb_set_tail_pointer(skb, len);
	skb->end = skb->tail;
	return bpf_prog_run(p->prog, skb);
}

/**
 * cap_prog_filter() - A program as the engine calls it
 * @p: program, or NULL for none
 *
 * Return: filter that refers to @p.
 */
struct cap_filter cap_prog_filter(struct cap_prog *p)
{
	return (struct cap_filter){ .run = p ? run_prog : NULL, .prog = p };
}
