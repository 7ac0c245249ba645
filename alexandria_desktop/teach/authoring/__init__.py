"""What a teacher does with a course: order, require, measure, compare; pure."""
