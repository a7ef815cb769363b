package dev.roomful.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Tests the chat of an application without a server, without sockets and without waiting. The test
 * has a {@link dev.roomful.testing.TestChat} with the application's properties and beans injected:
 *
 * <pre>{@code
 * @ChatTest
 * class LobbyTest {
 *   @Autowired TestChat chat;
 *
 *   @Test
 *   void everybodyReceivesAMessage() {
 *     TestClient ann = chat.connect("lobby", "ann");
 *     TestClient bob = chat.connect("lobby", "bob");
 *     ann.send("hello");
 *     assertEquals(List.of("ann: hello"), bob.received());
 *   }
 * }
 * }</pre>
 *
 * <p>Of the components of the application, only those that belong to the chat are found: {@code
 * RoomHandler}, {@code Authenticator}, {@code RoomNotices}, {@code WelcomeMessage}, {@code
 * Role.Rule}, {@code ChatBuilderCustomizer}, {@code AdmissionCustomizer} and {@code
 * AuthorizationManager}. A handler's other dependencies are imported ({@link
 * org.springframework.context.annotation.Import}), included, or replaced with mocks. Methods of
 * {@code Configuration} classes that are found by scanning are not called; those of the application
 * class are.
 *
 * <p>Each test method has a chat of its own. Beans that inject {@link dev.roomful.Chat} use the one
 * of the test that runs. There is no cluster and no web server.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(ChatTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(ChatTypeExcludeFilter.class)
@ImportAutoConfiguration
public @interface ChatTest {
  /** {@return properties of the application, such as {@code "roomful.limits.rooms=2"}} */
  String[] properties() default {};

  /** {@return whether only components of the chat are found} */
  boolean useDefaultFilters() default true;

  /** {@return filters for further components of the application} */
  Filter[] includeFilters() default {};

  /** {@return filters for components that are left out} */
  Filter[] excludeFilters() default {};

  /** {@return auto-configuration that is left out} */
  @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
  Class<?>[] excludeAutoConfiguration() default {};
}
