package kvit.money;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** The amount is more than nothing; an absent one is for {@code @NotNull} to refuse. */
@Constraint(validatedBy = PositiveAmount.Check.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
public @interface PositiveAmount {

    String message() default "must be more than zero";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Public, because the validator makes it. */
    class Check implements ConstraintValidator<PositiveAmount, Money> {
        @Override
        public boolean isValid(@Nullable Money amount, ConstraintValidatorContext context) {
            return amount == null || amount.isPositive();
        }
    }
}
