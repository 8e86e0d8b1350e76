package kvit.operate;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** What an operator has to say of a change that says nothing else. */
public record ReasonRequest(@NotBlank @Size(max = 500) String reason) {}
