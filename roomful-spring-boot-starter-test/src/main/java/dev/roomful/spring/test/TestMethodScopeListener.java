package dev.roomful.spring.test;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.test.context.support.DependencyInjectionTestExecutionListener;

/** Gives each test method beans of its own. */
final class TestMethodScopeListener implements TestExecutionListener {
  TestMethodScopeListener() {}

  @Override
  public void afterTestMethod(TestContext test) {
    if (!test.hasApplicationContext()
        || !(test.getApplicationContext() instanceof ConfigurableApplicationContext context)) {
      return;
    }
    ConfigurableBeanFactory beans = context.getBeanFactory();
    if (beans.getRegisteredScope(TestMethodScope.NAME) instanceof TestMethodScope scope) {
      scope.end();
      // Test instances with the lifecycle PER_CLASS are injected once.
      test.setAttribute(
          DependencyInjectionTestExecutionListener.REINJECT_DEPENDENCIES_ATTRIBUTE, true);
    }
  }
}
