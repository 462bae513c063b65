/* Start code for a program that must run with old versions of glibc. It replaces the compiler's start code
 * (-nostartfiles), which needs glibc 2.34 since that version. The rest of the program must not use newer
 * functions either. */
int main(void);

__asm__(
#if defined(__x86_64__)
    ".symver __libc_start_main, __libc_start_main@GLIBC_2.2.5\n"
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rdx, %r9\n"
    "  pop %rsi\n"
    "  mov %rsp, %rdx\n"
    "  and $-16, %rsp\n"
    "  push %rax\n"
    "  push %rsp\n"
    "  xor %r8d, %r8d\n"
    "  xor %ecx, %ecx\n"
    "  lea main(%rip), %rdi\n"
    "  call *__libc_start_main@GOTPCREL(%rip)\n"
    "  hlt\n"
#else
#error "written for x86_64"
#endif
);
