module example.org/shop/api
